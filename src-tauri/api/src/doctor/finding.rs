//! The shape of what was found.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::named::named;

/// What was looked at, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Diagnosis {
    /// Whether nothing is wrong. A notice is nothing wrong.
    pub is_healthy: bool,
    /// At least one for each area; what is wrong comes first.
    pub findings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    pub area: FindingArea,
    pub state: FindingState,
    /// What was found.
    pub what: String,
    /// Why it is so, or what follows from it.
    pub why: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

named!(
    /// What was looked at.
    FindingArea {
        Folder = "folder", Keychain = "keychain", Ports = "ports", Disk = "disk", Clock = "clock",
        Database = "database", Backup = "backup", Scripts = "scripts", PublicUrl = "public_url", Window = "window",
    }
);

named!(
    /// Whether somebody has to do something: `notice` is worth knowing, `wrong` stands in the way of work.
    FindingState { Fine = "fine", Notice = "notice", Wrong = "wrong" }
);

impl Finding {
    /// All is well there.
    pub fn fine(area: FindingArea, what: impl Into<String>) -> Self {
        Self::new(area, FindingState::Fine, what)
    }

    /// Worth knowing.
    pub fn notice(area: FindingArea, what: impl Into<String>) -> Self {
        Self::new(area, FindingState::Notice, what)
    }

    /// It stands in the way of work.
    pub fn wrong(area: FindingArea, what: impl Into<String>) -> Self {
        Self::new(area, FindingState::Wrong, what)
    }

    fn new(area: FindingArea, state: FindingState, what: impl Into<String>) -> Self {
        Self {
            area,
            state,
            what: what.into(),
            why: None,
            hint: None,
        }
    }

    /// The same, with why it is so.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Diagnosis {
    /// What was found, the worst first; areas stay in their order otherwise.
    pub fn of(mut findings: Vec<Finding>) -> Self {
        let weight = |finding: &Finding| match finding.state {
            FindingState::Wrong => 0,
            FindingState::Notice => 1,
            FindingState::Fine => 2,
        };
        findings.sort_by_key(weight);
        let is_healthy = findings
            .iter()
            .all(|finding| finding.state != FindingState::Wrong);
        Self {
            is_healthy,
            findings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_comes_first_and_a_notice_alone_is_healthy() {
        let fine = Finding::fine(FindingArea::Disk, "a");
        let notice = Finding::notice(FindingArea::Clock, "b");
        let wrong = Finding::wrong(FindingArea::Ports, "c");
        let ill = Diagnosis::of(vec![fine.clone(), notice.clone(), wrong.clone()]);
        assert_eq!(ill.findings, [wrong, notice.clone(), fine.clone()]);
        assert!(!ill.is_healthy);
        assert!(Diagnosis::of(vec![fine, notice]).is_healthy);
    }
}
