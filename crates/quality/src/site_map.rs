use site::Site;
pub const SITE: Site = Site { text: (include_str!("../text/en.ftl"), include_str!("../text/zh.ftl")), ..Site::EMPTY };
