"""What is going on in a run: its state in words and numbers, and what to try.

Every state is a rule over plain figures of the run's history; `rules.RULES` lists them in order of
precedence, and docs/findings.md says what each measures, its thresholds and their reasons.
"""

from tuinn.findings.finding import Finding, Level, Try
from tuinn.findings.rules import RULES, Rule, finding

__all__ = ["RULES", "Finding", "Level", "Rule", "Try", "finding"]
