"""Topics: what a criterion is about, in the same words for every issuer, so that policies can be laid side by side."""

from enum import StrEnum


class Topic(StrEnum):
    """What a criterion is about, in the order in which a comparison shows them."""

    COVERAGE = "coverage"
    SPINE_REGION = "spine_region"
    AGE = "age"
    PAIN_DURATION = "pain_duration"
    PAIN_SEVERITY = "pain_severity"
    PAIN_PATTERN = "pain_pattern"
    EXAMINATION = "examination"
    IMAGING = "imaging"
    OTHER_CAUSES = "other_causes"
    CONSERVATIVE_CARE = "conservative_care"
    MEASUREMENT = "measurement"
    BLOCK_OR_INJECTION = "block_or_injection"
    ABLATION_INTENDED = "ablation_intended"
    FIRST_BLOCK_RELIEF = "first_block_relief"
    BLOCK_INTERVAL = "block_interval"
    DIAGNOSTIC_FREQUENCY = "diagnostic_frequency"
    BLOCKS_BEFORE_ABLATION = "blocks_before_ablation"
    THERAPEUTIC_INJECTION = "therapeutic_injection"
    THERAPEUTIC_FREQUENCY = "therapeutic_frequency"
    ABLATION_TECHNIQUE = "ablation_technique"
    ABLATION_FREQUENCY = "ablation_frequency"
    REPEAT_ABLATION_RELIEF = "repeat_ablation_relief"
    BLOCKS_BEFORE_REPEAT = "blocks_before_repeat"
    LEVELS_PER_SESSION = "levels_per_session"
    REGIONS_PER_SESSION = "regions_per_session"
    SAME_DAY_PROCEDURES = "same_day_procedures"
    GUIDANCE = "guidance"
    SEDATION = "sedation"
    INJECTATE = "injectate"
    FUSION = "fusion"
    FACET_CYST = "facet_cyst"
    SAFETY = "safety"
    PRIOR_AUTHORIZATION = "prior_authorization"

    @property
    def heading(self) -> str:
        """The topic as a row of a table is called."""
        return _TITLES.get(self, self.value.replace("_", " ").capitalize())


_TITLES = {
    Topic.BLOCK_OR_INJECTION: "Block or joint injection",
    Topic.FIRST_BLOCK_RELIEF: "Relief that allows a second block",
    Topic.BLOCK_INTERVAL: "Time between blocks",
    Topic.ABLATION_INTENDED: "Ablation intended",
    Topic.DIAGNOSTIC_FREQUENCY: "Diagnostic sessions in a year",
    Topic.BLOCKS_BEFORE_ABLATION: "Blocks before ablation, and their relief",
    Topic.THERAPEUTIC_FREQUENCY: "Therapeutic sessions in a year",
    Topic.ABLATION_FREQUENCY: "Time between ablations, and how many",
    Topic.REPEAT_ABLATION_RELIEF: "Relief that allows a repeat",
    Topic.BLOCKS_BEFORE_REPEAT: "New blocks before a repeat",
    Topic.SPINE_REGION: "Parts of the spine",
}
