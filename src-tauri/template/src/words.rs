//! `$jobId` and its like: words in the body of a webhook task, in the template's own text only.

/// What the words stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskWords {
    /// `$jobId`
    pub job_id: i64,
    /// `$jobStatus`: `Complete`, `Failed` or `Canceled`.
    pub job_status: String,
    /// `$flowId`
    pub flow_id: i64,
    /// `$flowName`
    pub flow_name: String,
    /// `$outputName`; empty for a task that looks at the job as a whole.
    pub output_name: Option<String>,
}

/// One of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    JobId,
    JobStatus,
    FlowId,
    FlowName,
    OutputName,
}

impl Word {
    /// The word of a name without its `$`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "jobId" => Some(Self::JobId),
            "jobStatus" => Some(Self::JobStatus),
            "flowId" => Some(Self::FlowId),
            "flowName" => Some(Self::FlowName),
            "outputName" => Some(Self::OutputName),
            _ => None,
        }
    }

    /// The name without its `$`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::JobId => "jobId",
            Self::JobStatus => "jobStatus",
            Self::FlowId => "flowId",
            Self::FlowName => "flowName",
            Self::OutputName => "outputName",
        }
    }

    /// What it stands for: ids are numbers, the rest is text.
    pub(crate) fn value(self, words: &TaskWords) -> serde_json::Value {
        match self {
            Self::JobId => words.job_id.into(),
            Self::FlowId => words.flow_id.into(),
            Self::JobStatus => words.job_status.as_str().into(),
            Self::FlowName => words.flow_name.as_str().into(),
            Self::OutputName => words.output_name.as_deref().unwrap_or_default().into(),
        }
    }
}
