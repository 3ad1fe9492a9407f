//! What is said to an import and by it.

use hookloom_model::exchange;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::named::named;

/// A text to import.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ImportText {
    /// A flow or a workspace of Hookloom, an HTTP archive, `hooks.json` of adnanh/webhook, or cURL commands.
    pub text: String,
    /// What it is called, such as its file: flows that have no name get theirs from it.
    #[serde(default)]
    pub name: String,
    /// What becomes of names that are taken.
    #[serde(default)]
    pub existing: Existing,
    /// What becomes of some of them.
    #[serde(default)]
    pub choices: Vec<ImportChoice>,
    /// The `plan` of a preview: another one is refused, because something was changed meanwhile.
    #[serde(default)]
    pub plan: Option<String>,
}

/// What becomes of one name that is taken.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ImportChoice {
    pub kind: PartKind,
    pub name: String,
    /// Of a variable.
    #[serde(default)]
    pub set: Option<String>,
    pub existing: Existing,
}

named!(
    /// What becomes of a name that is taken: a second one beside it, the new one in its place, or only what is there.
    Existing { KeepBoth = "keep_both", Replace = "replace", Skip = "skip" }
);

#[expect(clippy::derivable_impls, reason = "the macro writes the type")]
impl Default for Existing {
    fn default() -> Self {
        Self::KeepBoth
    }
}

named!(
    /// What a part is. `other` is something of another program's file.
    PartKind {
        Flow = "flow", Variable = "variable", ActiveVariableSet = "active_variable_set", AlertRule = "alert_rule",
        View = "view", Setting = "setting", Other = "other",
    }
);

named!(
    /// What becomes of a part.
    Fate from exchange::Fate { Kept = "kept", Changed = "changed", Dropped = "dropped" }
);

named!(
    /// What a text is.
    ImportFormat from exchange::Format { Flow = "flow", Workspace = "workspace", Har = "har", Hooks = "hooks", Curl = "curl" }
);

/// One part of a text, and what becomes of it. Masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportPart {
    pub kind: PartKind,
    pub name: String,
    /// Of a variable; null for one that counts in every set.
    pub set: Option<String>,
    pub fate: Fate,
    /// The reason, and what to know.
    pub why: String,
    /// What can be chosen for it; empty unless its name is taken.
    pub choices: Vec<Existing>,
    /// What is chosen; null unless its name is taken.
    pub choice: Option<Existing>,
}

/// A secret that is named and not set.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MissingSecret {
    pub name: String,
    /// The flows that name it.
    pub flows: Vec<String>,
}

/// What an import would do, or did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportReport {
    pub format: ImportFormat,
    /// Names exactly this: an import that is given it does this or nothing.
    pub plan: String,
    pub parts: Vec<ImportPart>,
    /// The flows that are made or get a new draft, by the names that they have here.
    pub flows: Vec<String>,
    /// A text never has the values of secrets: these are still to be set.
    pub missing_secrets: Vec<MissingSecret>,
}

/// What was lost or changed on the way out. Masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportNote {
    pub fate: Fate,
    pub what: String,
    pub why: String,
}

/// A text that leaves the house.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportedText {
    /// What its file could be called.
    pub file_name: String,
    pub text: String,
    pub notes: Vec<ExportNote>,
}
