// A link that opens nothing any more: what is sent need not stay on the phone. diary-store.js is loaded before.
"use strict";
forgetWhatIsSent().catch(() => {}); // a browser that keeps nothing has nothing to forget
