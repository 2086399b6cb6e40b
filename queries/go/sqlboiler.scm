; github.com/volatiletech/sqlboiler (v3, v4) and github.com/aarondl/sqlboiler: the code it generates, and raw queries.
; A read counts where its query begins (the generated `Orders(mods..)`), as likely; writes in the generated methods.
; Known misses: relations read along by `qm.Load`; the function that finishes a query begun elsewhere.

(stub ["github.com/volatiletech/sqlboiler/boil.Executor" "github.com/volatiletech/sqlboiler/boil.ContextExecutor"
       "github.com/volatiletech/sqlboiler/boil.Transactor" "github.com/volatiletech/sqlboiler/boil.ContextTransactor"
       "github.com/aarondl/sqlboiler/boil.Executor" "github.com/aarondl/sqlboiler/boil.ContextExecutor"
       "github.com/aarondl/sqlboiler/boil.Transactor" "github.com/aarondl/sqlboiler/boil.ContextTransactor"] extends: "database/sql.DB")

((call callee: (_) @_f argument[0]: (string) @embedded.sql
  (#is? @_f "github.com/volatiletech/sqlboiler/queries.Raw" "github.com/volatiletech/sqlboiler/queries.RawG"
            "github.com/aarondl/sqlboiler/queries.Raw" "github.com/aarondl/sqlboiler/queries.RawG")))
((call callee: (_) @_f argument[0]: (string) @access.target
  (#is? @_f "github.com/volatiletech/sqlboiler/queries/qm.From" "github.com/aarondl/sqlboiler/queries/qm.From")
  (#set! access.target "name") (#set! access.confidence "likely") (#set! operation "select")) @access)
((call callee: (_) @_f argument[0]: (string) @embedded.sql
  (#is? @_f "github.com/volatiletech/sqlboiler/queries/qm.InnerJoin" "github.com/volatiletech/sqlboiler/queries/qm.LeftOuterJoin"
            "github.com/volatiletech/sqlboiler/queries/qm.RightOuterJoin" "github.com/volatiletech/sqlboiler/queries/qm.FullOuterJoin"
            "github.com/aarondl/sqlboiler/queries/qm.InnerJoin" "github.com/aarondl/sqlboiler/queries/qm.LeftOuterJoin"
            "github.com/aarondl/sqlboiler/queries/qm.RightOuterJoin" "github.com/aarondl/sqlboiler/queries/qm.FullOuterJoin")
  (#set! sql.fragment "true") (#set! access.join)))
