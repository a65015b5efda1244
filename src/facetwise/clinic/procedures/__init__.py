"""Recording what was done: kind, joints, technique, agents, and the pain before it."""
