"""Everything this program raises on purpose.

AutograderError
├── UsageError             the caller can mend it; the message says what, where and how (exit code 2)
│   ├── SubmissionUnreadable   no such folder, not a zip, nothing of the homework in it
│   ├── ExportUnreadable       an export, or a file given beside it, that cannot be read
│   ├── RunRefused             a folder of grades that is in use, full, not one of ours, or of a newer program
│   ├── HomeworkInvalid        homework.toml, rubric.toml, a graded suite or the reference is wrong
│   └── PartUnknown            a part or question that the homework does not have
└── EngineError            our own failure; never a student's mistake (exit code 3)
    ├── SandboxFailed          the zygote or a worker could not be started or was lost by us
    ├── ReferenceFailed        the model solution did not answer
    └── ProtocolViolated       bytes on the channel that are not a frame of ours
"""


class AutograderError(Exception):
    """Root of the tree. The message is one clear sentence."""


class UsageError(AutograderError):
    """The caller can mend it."""


class SubmissionUnreadable(UsageError):
    """There is no submission to grade at the place that was given."""


class ExportUnreadable(UsageError):
    """A class's export, or a file given beside it, is not what it should be."""


class RunRefused(UsageError):
    """The folder for grades cannot be used now."""


class HomeworkInvalid(UsageError):
    """The homework's own files contradict each other or the contract."""


class PartUnknown(UsageError):
    """The homework has no such part or question."""


class EngineError(AutograderError):
    """Something of ours failed."""


class SandboxFailed(EngineError):
    """The zygote or a worker could not do its part."""


class ReferenceFailed(EngineError):
    """The reference did not give a value where a graded test asked for one."""


class ProtocolViolated(EngineError):
    """What came over the channel is not a frame of ours."""
