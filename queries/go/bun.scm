; github.com/uptrace/bun and github.com/go-pg/pg (v9, v10): query builders over models and tables, raw SQL, transactions.
; A table is named by the tag of the embedded base, else `{name|snake|plural}`.
; Known misses: go-pg's model-first calls (`db.Model(&x).Insert()`) read their operation from the last call of the chain.

(stub "github.com/uptrace/bun.NewDB" returns: "github.com/uptrace/bun.DB")
(stub ["github.com/uptrace/bun.DB" "github.com/uptrace/bun.Tx" "github.com/uptrace/bun.Conn"] extends: "github.com/uptrace/bun.IDB")
(stub "github.com/uptrace/bun.DB" extends: "database/sql.DB")
(stub "github.com/uptrace/bun.Tx" extends: "database/sql.Tx")
(stub ["github.com/uptrace/bun.DB.BeginTx" "github.com/uptrace/bun.DB.Begin" "github.com/uptrace/bun.IDB.BeginTx"] returns: "github.com/uptrace/bun.Tx")
(stub ["github.com/uptrace/bun.DB.NewSelect" "github.com/uptrace/bun.Tx.NewSelect" "github.com/uptrace/bun.IDB.NewSelect"] returns: "github.com/uptrace/bun.SelectQuery")
(stub ["github.com/uptrace/bun.DB.NewInsert" "github.com/uptrace/bun.Tx.NewInsert" "github.com/uptrace/bun.IDB.NewInsert"] returns: "github.com/uptrace/bun.InsertQuery")
(stub ["github.com/uptrace/bun.DB.NewUpdate" "github.com/uptrace/bun.Tx.NewUpdate" "github.com/uptrace/bun.IDB.NewUpdate"] returns: "github.com/uptrace/bun.UpdateQuery")
(stub ["github.com/uptrace/bun.DB.NewDelete" "github.com/uptrace/bun.Tx.NewDelete" "github.com/uptrace/bun.IDB.NewDelete"] returns: "github.com/uptrace/bun.DeleteQuery")
(stub ["github.com/uptrace/bun.DB.NewCreateTable" "github.com/uptrace/bun.DB.NewDropTable" "github.com/uptrace/bun.DB.NewTruncateTable"
       "github.com/uptrace/bun.DB.NewAddColumn" "github.com/uptrace/bun.DB.NewDropColumn" "github.com/uptrace/bun.DB.NewCreateIndex"
       "github.com/uptrace/bun.IDB.NewCreateTable" "github.com/uptrace/bun.IDB.NewDropTable" "github.com/uptrace/bun.IDB.NewTruncateTable"
       "github.com/uptrace/bun.IDB.NewAddColumn" "github.com/uptrace/bun.IDB.NewDropColumn" "github.com/uptrace/bun.IDB.NewCreateIndex"] returns: "github.com/uptrace/bun.CreateTableQuery")
(stub ["github.com/uptrace/bun.SelectQuery.*" "github.com/uptrace/bun.InsertQuery.*" "github.com/uptrace/bun.UpdateQuery.*"
       "github.com/uptrace/bun.DeleteQuery.*" "github.com/uptrace/bun.CreateTableQuery.*"] returns: self)

((call receiver: (_) @access.receiver method: "Model" argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/uptrace/bun.SelectQuery")
  (#set! operation "select") (#set! entity.store "{name|snake|plural}")) @access)
((call receiver: (_) @access.receiver method: "Model" argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/uptrace/bun.InsertQuery")
  (#set! operation "insert") (#set! entity.store "{name|snake|plural}")) @access)
((call receiver: (_) @access.receiver method: "Model" argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/uptrace/bun.UpdateQuery")
  (#set! operation "update") (#set! entity.store "{name|snake|plural}")) @access)
((call receiver: (_) @access.receiver method: "Model" argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/uptrace/bun.DeleteQuery")
  (#set! operation "delete") (#set! entity.store "{name|snake|plural}")) @access)
((call receiver: (_) @access.receiver method: "Model" argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/uptrace/bun.CreateTableQuery")
  (#set! operation "ddl") (#set! entity.store "{name|snake|plural}")) @access)

((call receiver: (_) @access.receiver method: "Table" argument[0]: (text) @access.target
  (#type? @access.receiver "github.com/uptrace/bun.SelectQuery")
  (#set! access.target "name") (#set! operation "select")) @access)
((call receiver: (_) @access.receiver method: "Table" argument[0]: (text) @access.target
  (#type? @access.receiver "github.com/uptrace/bun.InsertQuery")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call receiver: (_) @access.receiver method: "Table" argument[0]: (text) @access.target
  (#type? @access.receiver "github.com/uptrace/bun.UpdateQuery")
  (#set! access.target "name") (#set! operation "update")) @access)
((call receiver: (_) @access.receiver method: "Table" argument[0]: (text) @access.target
  (#type? @access.receiver "github.com/uptrace/bun.DeleteQuery")
  (#set! access.target "name") (#set! operation "delete")) @access)

; The model's table under a name of its own, and tables in clauses: as text, and as identifiers that fill the first place.
((call receiver: (_) @_query method: ["Join" "TableExpr" "ModelTableExpr"] argument[0]: (string) @embedded.sql
  (#type? @_query "github.com/uptrace/bun.SelectQuery")
  (#set! sql.fragment "true") (#set! access.join)))
((call receiver: (_) @access.receiver method: ["TableExpr" "ModelTableExpr"] argument[0]: (text) @access.target
  (#not-match? @access.target "[?(]")
  (#type? @access.receiver "github.com/uptrace/bun.UpdateQuery")
  (#set! access.target "name") (#set! operation "update")) @access)
((call receiver: (_) @access.receiver method: ["TableExpr" "ModelTableExpr"] argument[0]: (text) @access.target
  (#not-match? @access.target "[?(]")
  (#type? @access.receiver "github.com/uptrace/bun.DeleteQuery")
  (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @access.receiver method: ["TableExpr" "ModelTableExpr" "Join"] argument[0]: (text) @_clause
       argument[1]: (call callee: (_) @_ident argument[0]: (string) @access.target)
  (#match? @_clause "(?i)^(([a-z]+ )*join )?\\?( |$)")
  (#type? @access.receiver "github.com/uptrace/bun.SelectQuery")
  (#is? @_ident "github.com/uptrace/bun.Ident")
  (#set! access.target "name") (#set! operation "select") (#set! access.join)) @access)
((call receiver: (_) @access.receiver method: ["TableExpr" "ModelTableExpr"] argument[0]: (text) @_clause
       argument[1]: (call callee: (_) @_ident argument[0]: (string) @access.target)
  (#match? @_clause "^\\?( |$)")
  (#type? @access.receiver "github.com/uptrace/bun.InsertQuery")
  (#is? @_ident "github.com/uptrace/bun.Ident")
  (#set! access.target "name") (#set! operation "insert")) @access)
((call receiver: (_) @access.receiver method: ["TableExpr" "ModelTableExpr"] argument[0]: (text) @_clause
       argument[1]: (call callee: (_) @_ident argument[0]: (string) @access.target)
  (#match? @_clause "^\\?( |$)")
  (#type? @access.receiver "github.com/uptrace/bun.UpdateQuery")
  (#is? @_ident "github.com/uptrace/bun.Ident")
  (#set! access.target "name") (#set! operation "update")) @access)
((call receiver: (_) @access.receiver method: ["TableExpr" "ModelTableExpr"] argument[0]: (text) @_clause
       argument[1]: (call callee: (_) @_ident argument[0]: (string) @access.target)
  (#match? @_clause "^\\?( |$)")
  (#type? @access.receiver "github.com/uptrace/bun.DeleteQuery")
  (#is? @_ident "github.com/uptrace/bun.Ident")
  (#set! access.target "name") (#set! operation "delete")) @access)
((call receiver: (_) @access.receiver method: ["Table" "ModelTableExpr"] argument[0]: (text) @access.target
  (#match? @access.target "^[A-Za-z_][A-Za-z_0-9.]*$")
  (#type? @access.receiver "github.com/uptrace/bun.CreateTableQuery")
  (#set! access.target "name") (#set! operation "ddl")) @access)
; Columns that a write gives.
((call receiver: (_) @access.receiver method: "Column" argument[*]: (_) @access.column
  (#type? @access.receiver "github.com/uptrace/bun.UpdateQuery" "github.com/uptrace/bun.InsertQuery")
  (#set! operation "columns") (#set! row.only)) @access)
((call receiver: (_) @access.receiver method: "Set" argument[0]: (string) @access.column
  (#type? @access.receiver "github.com/uptrace/bun.UpdateQuery")
  (#set! operation "columns")) @access)
; Relations that are read along.
((call receiver: (_) @access.receiver method: "Relation" argument[0]: (text) @access.column
  (#type? @access.receiver "github.com/uptrace/bun.SelectQuery")
  (#match? @access.column "^[A-Za-z_.]+$")
  (#set! operation "select")
  (#set! access.also "relation")) @access)
; Functions that a query is put through.
((call receiver: (_) @_query method: "Apply" [argument[*]: (_) @access.applied argument[-1]: (_) @access.applied])
  (#type? @_query "github.com/uptrace/bun.SelectQuery"))
((call receiver: (_) @_query method: ["Where" "WhereOr" "ColumnExpr" "Having"] argument[0]: (string) @embedded.sql
  (#type? @_query "github.com/uptrace/bun.SelectQuery" "github.com/uptrace/bun.UpdateQuery" "github.com/uptrace/bun.DeleteQuery")
  (#match? @embedded.sql "(?is)\\bselect\\b.*\\bfrom\\b")
  (#set! sql.fragment "true")))
((call receiver: (_) @_db method: "NewRaw" argument[0]: (string) @embedded.sql
  (#type? @_db "github.com/uptrace/bun.IDB")))
((call receiver: (_) @_db method: "RunInTx" argument[-1]: (_) @transaction.body
  (#type? @_db "github.com/uptrace/bun.IDB")) @transaction)

((definition kind: "type" base: (_) @_base
   attribute: (call callee: (name "bun") keyword[table]: (text) @entity.store)
  (#is? @_base "github.com/uptrace/bun.BaseModel")
  (#set! entity.columns "fields")
  (#set! column.types "string=TEXT bool=BOOLEAN int=BIGINT int8=SMALLINT int16=SMALLINT int32=INTEGER int64=BIGINT uint=BIGINT uint8=SMALLINT uint16=INTEGER
    uint32=BIGINT uint64=BIGINT float32=REAL float64=DOUBLE_PRECISION []byte=BYTEA Time=TIMESTAMP_WITH_TIME_ZONE NullString=TEXT NullBool=BOOLEAN NullInt32=INTEGER
    NullInt64=BIGINT NullFloat64=DOUBLE_PRECISION NullTime=TIMESTAMP_WITH_TIME_ZONE UUID=UUID")) @definition.entity)
((definition kind: "type" base: (_) @_base
  (#is? @_base "github.com/uptrace/bun.BaseModel")
  (#set! entity.store "{name|snake|plural}") (#set! entity.shape) (#set! entity.columns "fields")
  (#set! column.types "string=TEXT bool=BOOLEAN int=BIGINT int8=SMALLINT int16=SMALLINT int32=INTEGER int64=BIGINT uint=BIGINT uint8=SMALLINT uint16=INTEGER
    uint32=BIGINT uint64=BIGINT float32=REAL float64=DOUBLE_PRECISION []byte=BYTEA Time=TIMESTAMP_WITH_TIME_ZONE NullString=TEXT NullBool=BOOLEAN NullInt32=INTEGER
    NullInt64=BIGINT NullFloat64=DOUBLE_PRECISION NullTime=TIMESTAMP_WITH_TIME_ZONE UUID=UUID")) @definition.entity)

; go-pg: the tag stands on a field named tableName.
(stub "github.com/go-pg/pg.Connect" returns: "github.com/go-pg/pg.DB")
(stub "github.com/go-pg/pg.Conn" extends: "github.com/go-pg/pg.DB")
(stub ["github.com/go-pg/pg.DBI" "github.com/go-pg/pg/orm.DB"] same: "github.com/go-pg/pg.DB")
(stub ["github.com/go-pg/pg.DB.WithContext" "github.com/go-pg/pg.DB.WithTimeout" "github.com/go-pg/pg.DB.WithParam" "github.com/go-pg/pg.DB.AddQueryHook"]
  returns: self)
(stub ["github.com/go-pg/pg.DB.Begin" "github.com/go-pg/pg.DB.BeginContext"] returns: "github.com/go-pg/pg.Tx")
(stub ["github.com/go-pg/pg.DB.Model" "github.com/go-pg/pg.Tx.Model"] returns: "github.com/go-pg/pg/orm.Query" subject: argument[0])
(stub ["github.com/go-pg/pg.DB.ModelContext" "github.com/go-pg/pg.Tx.ModelContext"] returns: "github.com/go-pg/pg/orm.Query" subject: argument[1])
(stub "github.com/go-pg/pg/orm.Query.*" returns: self)
((call receiver: (_) @access.receiver method: ["Select" "First" "Last" "Count" "SelectAndCount" "Exists" "Insert" "Update" "UpdateNotZero" "Delete" "ForceDelete"] @access.verb
  (#type? @access.receiver "github.com/go-pg/pg/orm.Query")
  (#set! access.select "Select First Last Count SelectAndCount Exists")
  (#set! access.insert "Insert") (#set! access.update "Update UpdateNotZero") (#set! access.delete "Delete ForceDelete")
  (#set! entity.store "{name|snake|plural}")) @access)
((call receiver: (_) @_db method: ["Query" "QueryOne" "ExecContext" "ExecOneContext"] argument[1]: (string) @embedded.sql
  (#type? @_db "github.com/go-pg/pg.DB" "github.com/go-pg/pg.Tx")))
((call receiver: (_) @_db method: ["QueryContext" "QueryOneContext"] argument[2]: (string) @embedded.sql
  (#type? @_db "github.com/go-pg/pg.DB" "github.com/go-pg/pg.Tx")))
((call receiver: (_) @_db method: ["Exec" "ExecOne" "Prepare"] argument[0]: (string) @embedded.sql
  (#type? @_db "github.com/go-pg/pg.DB" "github.com/go-pg/pg.Tx")))
((call receiver: (_) @_query method: ["Join" "TableExpr"] argument[0]: (string) @embedded.sql
  (#type? @_query "github.com/go-pg/pg/orm.Query")
  (#set! sql.fragment "true")))
((call receiver: (_) @_db method: ["Begin" "BeginContext"]
  (#type? @_db "github.com/go-pg/pg.DB")) @transaction)
((call receiver: (_) @_db method: "RunInTransaction" argument[-1]: (_) @transaction.body
  (#type? @_db "github.com/go-pg/pg.DB")) @transaction)
((definition kind: "type" member[tableName]: (definition attribute: (call callee: (name "pg") argument[0]: (text) @entity.store)))
  @definition.entity
  (#not-eq? @entity.store "")
  (#set! entity.columns "fields")
  (#set! column.types "string=TEXT bool=BOOLEAN int=BIGINT int8=SMALLINT int16=SMALLINT int32=INTEGER int64=BIGINT uint=BIGINT uint8=SMALLINT uint16=INTEGER
    uint32=BIGINT uint64=BIGINT float32=REAL float64=DOUBLE_PRECISION []byte=BYTEA Time=TIMESTAMP_WITH_TIME_ZONE NullString=TEXT NullBool=BOOLEAN NullInt32=INTEGER
    NullInt64=BIGINT NullFloat64=DOUBLE_PRECISION NullTime=TIMESTAMP_WITH_TIME_ZONE UUID=UUID"))
((definition kind: "type" member[tableName]: (definition attribute: (call callee: (name ["pg" "sql"]))))
  @definition.entity
  (#set! entity.store "{name|snake|plural}")
  (#set! entity.columns "fields")
  (#set! column.types "string=TEXT bool=BOOLEAN int=BIGINT int8=SMALLINT int16=SMALLINT int32=INTEGER int64=BIGINT uint=BIGINT uint8=SMALLINT uint16=INTEGER
    uint32=BIGINT uint64=BIGINT float32=REAL float64=DOUBLE_PRECISION []byte=BYTEA Time=TIMESTAMP_WITH_TIME_ZONE NullString=TEXT NullBool=BOOLEAN NullInt32=INTEGER
    NullInt64=BIGINT NullFloat64=DOUBLE_PRECISION NullTime=TIMESTAMP_WITH_TIME_ZONE UUID=UUID"))
