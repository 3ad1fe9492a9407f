//! Renders the message of a webhook task from the flow version and the recorded data, and signs it. Sends nothing.

use std::sync::Arc;

use hookloom_model::document::WebhookTask;
use hookloom_model::{FlowId, JobId, JobStatus};
use hookloom_signature::SignInput;
use hookloom_template::{Scope, TaskWords};

use crate::core::Core;
use crate::flow::{CompiledTask, LoadedFlow};
use crate::outgoing::Rendered;
use crate::ports::{Certificates, ClientIdentity, DeliveryRow};
use crate::record;
use crate::state::JobState;
use crate::values::{JobValues, Obstacle};

/// Without a Content-Type of the task's own its body is plain text, and is escaped as that.
const CONTENT_TYPE_DEFAULT: &str = "text/plain; charset=utf-8";

/// What a message is made of.
pub(super) struct Source<'a> {
    pub core: &'a Arc<Core>,
    pub flow: &'a LoadedFlow,
    pub row: &'a DeliveryRow,
    pub state: &'a JobState,
}

impl Source<'_> {
    /// The message with this attempt's timestamp and signature.
    pub async fn message(
        &self,
        task: &CompiledTask,
        values: &mut JobValues,
        timestamp_ms: i64,
    ) -> Result<Rendered, Obstacle> {
        let scope = values.scope(task.request.references(), self.state).await?;
        let depth = values.depth(self.state);
        self.message_of(task, &scope, depth, timestamp_ms).await
    }

    /// The message with these values.
    pub async fn message_of(
        &self,
        task: &CompiledTask,
        scope: &Scope,
        depth: u32,
        timestamp_ms: i64,
    ) -> Result<Rendered, Obstacle> {
        let words = self.words();
        let mut message = task
            .request
            .render(scope, Some(&words))
            .map_err(Obstacle::Never)?;
        let has_body = matches!(message.method.as_str(), "POST" | "PUT" | "PATCH");
        if has_body {
            message.default_header("content-type", CONTENT_TYPE_DEFAULT);
        }
        let version = &self.core.options.version;
        message.default_header("user-agent", format!("Hookloom/{version}"));
        message.set_header("webhook-id", self.row.id.to_string());
        let depth = depth.saturating_add(1);
        message.set_header("x-hookloom-depth", depth.to_string());
        message.certificates = self.certificates(&task.task).await?;
        for (name, value) in self.signature(&task.task, &message, timestamp_ms).await? {
            message.set_header(&name, value);
        }
        Ok(message)
    }

    fn words(&self) -> TaskWords {
        let (JobId(job_id), FlowId(flow_id)) = (self.row.job_id, self.row.flow_id);
        TaskWords {
            job_id,
            job_status: status_word(self.state.status()).to_owned(),
            flow_id,
            flow_name: self.flow.document.name.clone(),
            output_name: self.row.output.clone(),
        }
    }

    async fn certificates(
        &self,
        task: &WebhookTask,
    ) -> Result<Option<Arc<Certificates>>, Obstacle> {
        if task.ca_certificate.is_none() && task.client_certificate.is_none() {
            return Ok(None);
        }
        let client = match &task.client_certificate {
            None => None,
            Some(client) => Some(ClientIdentity {
                certificate: client.certificate.clone(),
                key: self.core.ports.secrets.read(&client.secret).await?,
            }),
        };
        Ok(Some(Arc::new(Certificates {
            authorities: task.ca_certificate.clone(),
            client,
        })))
    }

    /// The text that a message's signature is over, where it is signed and the scheme has such a text.
    pub fn signed_content(
        &self,
        task: &WebhookTask,
        message: &Rendered,
        timestamp_ms: i64,
    ) -> Option<Vec<u8>> {
        task.secret.as_ref()?;
        let id = self.row.id.to_string();
        task.scheme.signed_content(&SignInput {
            secret: "",
            method: message.method.as_str(),
            url: message.url.as_str(),
            body: &message.body,
            timestamp_ms,
            id: &id,
        })
    }

    /// The headers that sign a message; none where it is not signed.
    pub async fn signature(
        &self,
        task: &WebhookTask,
        message: &Rendered,
        timestamp_ms: i64,
    ) -> Result<Vec<(String, String)>, Obstacle> {
        let Some(name) = &task.secret else {
            return Ok(Vec::new());
        };
        let secret = self.core.ports.secrets.read(name).await?;
        let id = self.row.id.to_string();
        let input = SignInput {
            secret: secret.expose(),
            method: message.method.as_str(),
            url: message.url.as_str(),
            body: &message.body,
            timestamp_ms,
            id: &id,
        };
        task.scheme.sign(&input).map_err(|failure| {
            let reason = failure.explain();
            let text = format!("the message cannot be signed with the secret `{name}`: {reason}");
            Obstacle::Never(record::error("signature", text))
        })
    }
}

/// What the task's template sees as `$jobStatus`.
fn status_word(status: JobStatus) -> &'static str {
    match status {
        JobStatus::Complete => "Complete",
        JobStatus::Canceled => "Canceled",
        _ => "Failed",
    }
}
