//! A token: with it a program acts for a person, in that person's roles, but only by the commands it is
//! limited to, for at most a year. A token signs nothing and changes nobody's rights. Its secret is made at
//! the rim and shown once; the command holds only the hash.

pub mod issue;
pub mod pages;
pub mod revoke;
pub mod rows;
pub mod rules;
