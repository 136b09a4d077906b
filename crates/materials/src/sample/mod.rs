//! The story of a sample.
//!
//! A sample is taken from a lot ([`take`]), made of other samples ([`composite`]), or sent in by a customer
//! ([`receive`]). What is taken leaves the lot: a sample is posted to like a lot, so that nothing is weighed
//! twice. Its code is what instruments and labels say; it may be any short text, `DU-0001` or `BOG651`, and
//! is unique, because files find their sample by it. Taking one is an act that needs an authorisation for the
//! material.
//!
//! What the laboratory finds in it is the laboratory's story.

pub mod composite;
pub mod label;
pub mod pages;
pub mod receive;
pub(crate) mod rows;
pub mod rules;
pub mod take;

/// Roles that take and prepare samples.
pub(crate) const SAMPLERS: &[kernel::Role] = &[
    kernel::Role::Receiver,
    kernel::Role::ShiftSupervisor,
    kernel::Role::Metallurgist,
    kernel::Role::Analyst,
    kernel::Role::LaboratoryHead,
];
