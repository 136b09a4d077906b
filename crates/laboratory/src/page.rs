//! Small things that all pages of the laboratory share.
