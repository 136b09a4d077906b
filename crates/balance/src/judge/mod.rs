//! Tests: does it close, and which figure breaks it?

pub(crate) mod critical;
pub(crate) mod culprit;
pub(crate) mod explain;
pub(crate) mod serial;
