//! Who acts: a person in their roles, or the system on a person's behalf.

use serde::{Deserialize, Serialize};

use crate::{PersonId, Ref};

crate::vocabulary! {
    /// What a person is at the institute. A command lists the roles that may give it.
    Role {
        /// Tests samples.
        Analyst = "analyst",
        /// Reviews and releases results.
        LaboratoryHead = "laboratory-head",
        /// Receives samples and lots.
        Receiver = "receiver",
        /// Runs a shift and moves lots.
        ShiftSupervisor = "shift-supervisor",
        /// Processes and blends lots, closes balances.
        Metallurgist = "metallurgist",
        /// Decides on lots and certificates.
        QualityManager = "quality-manager",
        /// Grants authorisations.
        TalentOfficer = "talent-officer",
        /// Leads the institute; reads everything.
        Director = "director",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
        /// Reads the certificates meant for them.
        Customer = "customer",
        /// Keeps accounts and settings.
        Administrator = "administrator",
    }
}

crate::vocabulary! {
    /// What an authorisation allows, within a scope.
    Activity {
        /// Measure by a method.
        Test = "test",
        /// Check another person's results of a method.
        Check = "check",
        /// Release results of a method.
        Approve = "approve",
        /// Take samples.
        Sample = "sample",
        /// Decide on lots of a material.
        Release = "release",
        /// Sign certificates.
        Certify = "certify",
        /// Close the balances of a flowsheet.
        Close = "close",
    }
}

crate::vocabulary! {
    /// What a signature says its signer did.
    Meaning {
        /// Measured it.
        Tested = "tested",
        /// Looked at it independently.
        Checked = "checked",
        /// Answers for it.
        Approved = "approved",
        /// Let it go.
        Released = "released",
        /// Was there.
        Witnessed = "witnessed",
    }
}

crate::vocabulary! {
    /// Through which face a command came.
    Via {
        /// A page.
        Page = "page",
        /// The programming interface.
        Api = "api",
        /// The command line.
        Cli = "cli",
        /// The system itself, upon a fact or a job.
        System = "system",
    }
}

/// An act that needs an authorisation: the activity and what it is done on or with.
/// A scope that is absent is never a wildcard; the act is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Act {
    /// What is done.
    pub activity: Activity,
    /// The method, material or document class it is done in.
    pub scope: Option<Ref>,
}

/// A person, or the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A person by id.
    Person(PersonId),
    /// The system, on behalf of the person whose act it follows, if one did.
    System(Option<PersonId>),
}

/// Who gives a command, in which roles, and how they came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person or the system.
    pub who: Who,
    /// Their roles at this instant.
    pub roles: Vec<Role>,
    /// Which face they use.
    pub via: Via,
    /// Whether the password was given again for this very command (needed to sign).
    pub reauthenticated: bool,
    /// The commands a token is limited to; `None` means all that the roles allow.
    pub only: Option<Vec<String>>,
}

impl Actor {
    /// The system, following nobody's act.
    pub fn system() -> Self {
        Actor { who: Who::System(None), roles: vec![], via: Via::System, reauthenticated: false, only: None }
    }

    /// The system, following the act of `self`.
    pub fn on_behalf(&self) -> Self {
        Actor { who: Who::System(self.person()), ..Actor::system() }
    }

    /// The person who acts or on whose behalf the system acts.
    pub fn person(&self) -> Option<PersonId> {
        match self.who {
            Who::Person(person) => Some(person),
            Who::System(behalf) => behalf,
        }
    }

    /// Whether it is the system itself.
    pub fn is_system(&self) -> bool {
        matches!(self.who, Who::System(_))
    }

    /// Whether the actor has one of these roles.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }
}
