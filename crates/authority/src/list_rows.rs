//! One way for all lists here: a page of rows, sorted by a column that is allowed, narrowed by words and by
//! facets.

use store::{Db, Row, StoreError, Value};
use ui::kit::query::TableQuery;

/// A list as SQL. Nothing of the reader's ever becomes part of the statement.
pub(crate) struct ListSql {
    /// What is selected.
    pub columns: &'static str,
    /// From which tables.
    pub from: &'static str,
    /// In which expressions the filter's words are looked for.
    pub searched: &'static [&'static str],
    /// By what one may sort: the column's key and its expression.
    pub sorts: &'static [(&'static str, &'static str)],
    /// The order otherwise, ending in a unique column.
    pub order: &'static str,
}

/// A condition with its value; `@` stands for the value's place.
pub(crate) type Facet = (&'static str, Value<'static>);

impl ListSql {
    /// The rows of the query's page, and how many there are on all.
    pub fn fetch<T>(
        &self,
        db: &mut Db,
        query: &TableQuery,
        facets: &[Facet],
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<(Vec<T>, usize), StoreError> {
        let (condition, mut values) = self.condition(query, facets);
        let count = format!("SELECT COUNT(*) FROM {} WHERE {condition}", self.from);
        let total = db.one("rows", &count, &values, |row| row.number(0))?;
        let at = values.len();
        let sql = format!(
            "SELECT {} FROM {} WHERE {condition} ORDER BY {} LIMIT ?{} OFFSET ?{}",
            self.columns,
            self.from,
            self.order(query),
            at + 1,
            at + 2
        );
        values.push(query.page_size.into());
        values.push(query.offset().into());
        Ok((db.query(&sql, &values, map)?, total as usize))
    }

    fn condition(&self, query: &TableQuery, facets: &[Facet]) -> (String, Vec<Value<'static>>) {
        let (mut parts, mut values) = (vec!["1 = 1".to_owned()], Vec::new());
        for word in query.filter.split_whitespace().take(8) {
            let plain = word.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            values.push(Value::from(format!("%{plain}%")));
            let at = values.len();
            let found = self.searched.iter().map(|place| format!("LOWER({place}) LIKE ?{at} ESCAPE '\\'"));
            parts.push(format!("({})", found.collect::<Vec<_>>().join(" OR ")));
        }
        for (condition, value) in facets {
            values.push(value.clone());
            parts.push(format!("({})", condition.replace('@', &format!("?{}", values.len()))));
        }
        (parts.join(" AND "), values)
    }

    fn order(&self, query: &TableQuery) -> String {
        let wanted = query.sort.as_deref();
        let direction = if query.descending { "DESC" } else { "ASC" };
        match self.sorts.iter().find(|(key, _)| Some(*key) == wanted) {
            Some((_, expression)) => format!("{expression} {direction}, {}", self.order),
            None => self.order.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: ListSql = ListSql {
        columns: "number",
        from: "person",
        searched: &["code", "name_en"],
        sorts: &[("code", "code")],
        order: "number",
    };

    #[test]
    fn what_a_reader_asks_becomes_values_never_sql() {
        let mut query = TableQuery::new("/people");
        query.filter = "50%_x '; DROP".into();
        query.sort = Some("code; DROP TABLE person".into());
        let (condition, values) = LIST.condition(&query, &[("number > @", "7".into())]);
        assert_eq!(
            condition,
            "1 = 1 AND (LOWER(code) LIKE ?1 ESCAPE '\\' OR LOWER(name_en) LIKE ?1 ESCAPE '\\') AND \
             (LOWER(code) LIKE ?2 ESCAPE '\\' OR LOWER(name_en) LIKE ?2 ESCAPE '\\') AND \
             (LOWER(code) LIKE ?3 ESCAPE '\\' OR LOWER(name_en) LIKE ?3 ESCAPE '\\') AND (number > ?4)"
        );
        assert_eq!(values[0], Value::from("%50\\%\\_x%"));
        assert_eq!(LIST.order(&query), "number");
        query.sort = Some("code".into());
        query.descending = true;
        assert_eq!(LIST.order(&query), "code DESC, number");
    }
}
