//! Tests: does it close, and which figure breaks it?

pub(crate) mod critical;
pub(crate) mod serial;
