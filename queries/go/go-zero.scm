; go-zero's stores: core/stores/sqlx (statements, prepared and in transactions), sqlc (rows kept in a cache before them), mon and monc (MongoDB).
; Endpoints of go-zero stand in http-routers.scm. Known misses: keys of the cache, builders of other packages that a model is handed.

(stub ["github.com/zeromicro/go-zero/core/stores/sqlx.NewMysql" "github.com/zeromicro/go-zero/core/stores/sqlx.NewSqlConn"
       "github.com/zeromicro/go-zero/core/stores/sqlx.NewSqlConnFromDB" "github.com/zeromicro/go-zero/core/stores/sqlx.MustNewConn"
       "github.com/zeromicro/go-zero/core/stores/postgres.New"] returns: "github.com/zeromicro/go-zero/core/stores/sqlx.SqlConn")
(stub "github.com/zeromicro/go-zero/core/stores/sqlx.SqlConn" extends: "github.com/zeromicro/go-zero/core/stores/sqlx.Session")
(stub ["github.com/zeromicro/go-zero/core/stores/sqlx.Session.Prepare" "github.com/zeromicro/go-zero/core/stores/sqlx.Session.PrepareCtx"]
  returns: "github.com/zeromicro/go-zero/core/stores/sqlx.StmtSession")
(stub ["github.com/zeromicro/go-zero/core/stores/sqlc.NewConn" "github.com/zeromicro/go-zero/core/stores/sqlc.NewNodeConn"
       "github.com/zeromicro/go-zero/core/stores/sqlc.NewConnWithCache"] returns: "github.com/zeromicro/go-zero/core/stores/sqlc.CachedConn")
; The name that it had before.
(stub "github.com/tal-tech/go-zero/core/stores/sqlx.NewMysql" returns: "github.com/zeromicro/go-zero/core/stores/sqlx.SqlConn")
(stub "github.com/tal-tech/go-zero/core/stores/sqlx.SqlConn" same: "github.com/zeromicro/go-zero/core/stores/sqlx.SqlConn")
(stub "github.com/tal-tech/go-zero/core/stores/sqlx.Session" same: "github.com/zeromicro/go-zero/core/stores/sqlx.Session")
(stub "github.com/tal-tech/go-zero/core/stores/sqlc.NewConn" returns: "github.com/zeromicro/go-zero/core/stores/sqlc.CachedConn")
(stub "github.com/tal-tech/go-zero/core/stores/sqlc.CachedConn" same: "github.com/zeromicro/go-zero/core/stores/sqlc.CachedConn")

((call receiver: (_) @_conn method: ["Exec" "Prepare"] argument[0]: (string) @embedded.sql
  (#type? @_conn "github.com/zeromicro/go-zero/core/stores/sqlx.Session")))
((call receiver: (_) @_conn method: ["ExecCtx" "PrepareCtx" "QueryRow" "QueryRowPartial" "QueryRows" "QueryRowsPartial"] argument[1]: (string) @embedded.sql
  (#type? @_conn "github.com/zeromicro/go-zero/core/stores/sqlx.Session")))
((call receiver: (_) @_conn method: ["QueryRowCtx" "QueryRowPartialCtx" "QueryRowsCtx" "QueryRowsPartialCtx"] argument[2]: (string) @embedded.sql
  (#type? @_conn "github.com/zeromicro/go-zero/core/stores/sqlx.Session")))
((call receiver: (_) @_conn method: "ExecNoCache" argument[0]: (string) @embedded.sql
  (#type? @_conn "github.com/zeromicro/go-zero/core/stores/sqlc.CachedConn")))
((call receiver: (_) @_conn method: ["ExecNoCacheCtx" "QueryRowNoCache" "QueryRowsNoCache"] argument[1]: (string) @embedded.sql
  (#type? @_conn "github.com/zeromicro/go-zero/core/stores/sqlc.CachedConn")))
((call receiver: (_) @_conn method: ["QueryRowNoCacheCtx" "QueryRowsNoCacheCtx"] argument[2]: (string) @embedded.sql
  (#type? @_conn "github.com/zeromicro/go-zero/core/stores/sqlc.CachedConn")))
((call receiver: (_) @_conn method: ["Transact" "TransactCtx"] argument[-1]: (_) @transaction.body
  (#type? @_conn "github.com/zeromicro/go-zero/core/stores/sqlx.SqlConn" "github.com/zeromicro/go-zero/core/stores/sqlc.CachedConn")) @transaction)

; MongoDB: a model is one collection.
(stub ["github.com/zeromicro/go-zero/core/stores/mon.MustNewModel" "github.com/zeromicro/go-zero/core/stores/mon.NewModel"]
  returns: "github.com/zeromicro/go-zero/core/stores/mon.Model" subject: argument[2])
(stub ["github.com/zeromicro/go-zero/core/stores/monc.MustNewModel" "github.com/zeromicro/go-zero/core/stores/monc.NewModel"
       "github.com/zeromicro/go-zero/core/stores/monc.MustNewNodeModel" "github.com/zeromicro/go-zero/core/stores/monc.NewNodeModel"
       "github.com/zeromicro/go-zero/core/stores/monc.NewModelWithCache"]
  returns: "github.com/zeromicro/go-zero/core/stores/monc.Model" subject: argument[2])
(stub "github.com/zeromicro/go-zero/core/stores/monc.Model" extends: "github.com/zeromicro/go-zero/core/stores/mon.Model")
((call receiver: (_) @access.receiver method: _ @access.verb
  (#type? @access.receiver "github.com/zeromicro/go-zero/core/stores/mon.Model")
  (#set! store.kind "collection")
  (#set! access.select "Find FindOne Aggregate CountDocuments Distinct EstimatedDocumentCount FindOneNoCache")
  (#set! access.insert "InsertOne InsertMany InsertOneNoCache")
  (#set! access.update "UpdateOne UpdateMany UpdateByID ReplaceOne FindOneAndUpdate FindOneAndReplace BulkWrite UpdateOneNoCache UpdateManyNoCache UpdateByIDNoCache ReplaceOneNoCache FindOneAndUpdateNoCache FindOneAndReplaceNoCache")
  (#set! access.delete "DeleteOne DeleteMany FindOneAndDelete DeleteOneNoCache FindOneAndDeleteNoCache")) @access)
