; Query files: goyesql and its like bind `-- name: x` of an .sql file to struct fields by a `query:"x"` tag, to map keys
; (dotsql, goyesql), or run them by name.
; Known misses: files named at run time.

((definition kind: "field" attribute: (call callee: (name "query") argument[0]: (text) @embedded.sql)
  (#set! sql.named "true")))
((call receiver: (_) @_dot method: ["Exec" "Query" "QueryRow" "Prepare"] argument[1]: (text) @embedded.sql
  (#type? @_dot "github.com/qustavo/dotsql.DotSql" "github.com/gchaincl/dotsql.DotSql")
  (#set! sql.named "true")))
((index base: (_) @_queries index: (text) @embedded.sql
  (#type? @_queries "github.com/nleof/goyesql.Queries" "github.com/knadh/goyesql.Queries")
  (#set! sql.named "true")))
(stub ["github.com/qustavo/dotsql.LoadFromFile" "github.com/qustavo/dotsql.LoadFromString"] returns: "github.com/qustavo/dotsql.DotSql")
(stub ["github.com/nleof/goyesql.ParseFile" "github.com/nleof/goyesql.MustParseFile"] returns: "github.com/nleof/goyesql.Queries")
(stub ["github.com/knadh/goyesql.ParseFile" "github.com/knadh/goyesql.MustParseFile" "github.com/knadh/goyesql.ParseBytes"
       "github.com/knadh/goyesql.MustParseBytes"] returns: "github.com/knadh/goyesql.Queries")
