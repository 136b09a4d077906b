//! Nothing: its manifest asks for the features that the workspace has of its dependencies, so that every part
//! of it is built with the same ones. See `xtask/src/features.rs`.
