; web.py's database module (0.3x to 0.6x): tables named by texts, SQL in strings, transactions.
; Covers web.database(..), select, where, insert, multiple_insert, update, delete, query, transaction.
; Known misses: several tables in one text (`select("a, b")`), `using` of delete.

((call receiver: (_) @access.receiver method: ["select" "where" "insert" "multiple_insert" "update" "delete"] @access.verb
   [argument[0]: (string) @access.target keyword[tables]: (string) @access.target keyword[table]: (string) @access.target keyword[tablename]: (string) @access.target]) @access
  (#type? @access.receiver "web.db.DB")
  (#set! access.target "name")
  (#set! access.select "select where") (#set! access.insert "insert multiple_insert") (#set! access.update "update") (#set! access.delete "delete"))
((call receiver: (_) @access.receiver method: "query"
   [argument[0]: (string) @embedded.sql keyword[sql_query]: (string) @embedded.sql])
  (#type? @access.receiver "web.db.DB"))

(stub ["web.database" "web.db.database"] returns: "web.db.DB")
(stub ["web.db.PostgresDB" "web.db.MySQLDB" "web.db.SqliteDB" "web.db.MSSQLDB" "web.db.OracleDB" "web.db.FirebirdDB" "web.DB"] same: "web.db.DB")

(stub ["web.db.DB.transaction"] returns: "web.db.Transaction")
((with (call receiver: (_) @_database method: "transaction")) @transaction
  (#type? @_database "web.db.DB"))
((call receiver: (_) @_database method: "transaction") @transaction
  (#type? @_database "web.db.DB"))
((call receiver: (_) @_transaction method: ["commit" "rollback"]) @transaction
  (#type? @_transaction "web.db.Transaction")
  (#set! transaction.end "true"))
