; github.com/beego/beego/v2/client/orm, github.com/beego/beego/orm and github.com/astaxie/beego/orm: rows, query setters,
; raw SQL, transactions. A table is named by `TableName()`, else `{name|snake}`; a setter may name it as text.
; Known misses: prefixes given where a model is registered, query builders (`orm.NewQueryBuilder`).

(stub ["github.com/astaxie/beego/orm.Ormer" "github.com/beego/beego/orm.Ormer" "github.com/beego/beego/client/orm.TxOrmer"
       "github.com/beego/beego/client/orm.QueryExecutor" "github.com/beego/beego/client/orm.DML"
       "github.com/beego/beego/client/orm.DQL"] extends: "github.com/beego/beego/client/orm.Ormer")
(stub ["github.com/beego/beego/client/orm.NewOrm" "github.com/beego/beego/client/orm.NewOrmUsingDB"
       "github.com/beego/beego/client/orm.NewOrmWithDB" "github.com/beego/beego/orm.NewOrm" "github.com/astaxie/beego/orm.NewOrm"]
  returns: "github.com/beego/beego/client/orm.Ormer")
(stub ["github.com/beego/beego/client/orm.Ormer.Begin" "github.com/beego/beego/client/orm.Ormer.BeginWithCtx"
       "github.com/beego/beego/client/orm.Ormer.BeginWithOpts" "github.com/beego/beego/client/orm.Ormer.BeginWithCtxAndOpts"]
  returns: "github.com/beego/beego/client/orm.TxOrmer")
(stub ["github.com/beego/beego/client/orm.Ormer.QueryTable" "github.com/beego/beego/client/orm.Ormer.QueryTableWithCtx"
       "github.com/beego/beego/client/orm.TxOrmer.QueryTable" "github.com/beego/beego/client/orm.TxOrmer.QueryTableWithCtx"
       "github.com/beego/beego/client/orm.QueryExecutor.QueryTable" "github.com/beego/beego/orm.Ormer.QueryTable"
       "github.com/astaxie/beego/orm.Ormer.QueryTable"]
  returns: "github.com/beego/beego/client/orm.QuerySeter" subject: argument[0])
(stub ["github.com/beego/beego/client/orm.QuerySeter.*"] returns: self)
(stub ["github.com/beego/beego/orm.QuerySeter" "github.com/astaxie/beego/orm.QuerySeter"]
  same: "github.com/beego/beego/client/orm.QuerySeter")

((call receiver: (_) @access.receiver
       method: ["Insert" "Read" "ReadForUpdate" "ReadOrCreate" "Update" "Delete" "InsertOrUpdate"] @access.verb
       argument[0]: (_) @access.target
  (#type? @access.receiver "github.com/beego/beego/client/orm.Ormer")
  (#set! access.select "Read ReadForUpdate") (#set! access.insert "Insert ReadOrCreate") (#set! access.update "Update")
  (#set! access.delete "Delete") (#set! access.upsert "InsertOrUpdate") (#set! access.reads "ReadOrCreate")
  (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @access.receiver
       method: ["InsertMulti" "InsertWithCtx" "ReadWithCtx" "ReadForUpdateWithCtx" "ReadOrCreateWithCtx" "UpdateWithCtx"
                "DeleteWithCtx" "InsertOrUpdateWithCtx"] @access.verb
       argument[1]: (_) @access.target
  (#type? @access.receiver "github.com/beego/beego/client/orm.Ormer")
  (#set! access.select "ReadWithCtx ReadForUpdateWithCtx")
  (#set! access.insert "InsertMulti InsertWithCtx ReadOrCreateWithCtx") (#set! access.update "UpdateWithCtx")
  (#set! access.delete "DeleteWithCtx") (#set! access.upsert "InsertOrUpdateWithCtx")
  (#set! access.reads "ReadOrCreateWithCtx")
  (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @access.receiver method: "InsertMultiWithCtx" argument[2]: (_) @access.target
  (#type? @access.receiver "github.com/beego/beego/client/orm.Ormer")
  (#set! operation "insert") (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @access.receiver method: ["LoadRelated" "LoadRelatedWithCtx"] argument: (text) @access.column
  (#type? @access.receiver "github.com/beego/beego/client/orm.Ormer")
  (#set! operation "select") (#set! access.also "relation")) @access)
((call receiver: (_) @access.receiver
       method: ["All" "AllWithCtx" "One" "OneWithCtx" "Count" "CountWithCtx" "Exist" "ExistWithCtx" "Values" "ValuesWithCtx"
                "ValuesList" "ValuesListWithCtx" "ValuesFlat" "ValuesFlatWithCtx" "RowsToMap" "RowsToStruct"
                "Update" "UpdateWithCtx" "Delete" "DeleteWithCtx" "PrepareInsert" "PrepareInsertWithCtx"] @access.verb
  (#type? @access.receiver "github.com/beego/beego/client/orm.QuerySeter")
  (#set! access.select "All AllWithCtx One OneWithCtx Count CountWithCtx Exist ExistWithCtx Values ValuesWithCtx ValuesList ValuesListWithCtx ValuesFlat ValuesFlatWithCtx RowsToMap RowsToStruct")
  (#set! access.update "Update UpdateWithCtx") (#set! access.delete "Delete DeleteWithCtx")
  (#set! access.insert "PrepareInsert PrepareInsertWithCtx")
  (#set! entity.store "{name|snake}")) @access)
((call receiver: (_) @_db method: "Raw" argument[0]: (string) @embedded.sql
  (#type? @_db "github.com/beego/beego/client/orm.Ormer")))
((call receiver: (_) @_db method: "RawWithCtx" argument[1]: (string) @embedded.sql
  (#type? @_db "github.com/beego/beego/client/orm.Ormer")))
((call receiver: (_) @_db method: ["DoTx" "DoTxWithCtx" "DoTxWithOpts" "DoTxWithCtxAndOpts"] argument[-1]: (_) @transaction.body
  (#type? @_db "github.com/beego/beego/client/orm.Ormer")) @transaction)
((call receiver: (_) @_db method: ["Begin" "BeginWithCtx"]
  (#type? @_db "github.com/beego/beego/client/orm.Ormer")) @transaction)
((call receiver: (_) @_db method: "Commit"
  (#type? @_db "github.com/beego/beego/client/orm.TxOrmer" "github.com/beego/beego/client/orm.Ormer")
  (#set! transaction.end "true")) @transaction)
((call callee: (_) @_f argument[*]: (_) @access.target
  (#is? @_f "github.com/beego/beego/client/orm.RegisterModel")
  (#set! operation "target") (#set! entity.store "{name|snake}")) @access)
((definition kind: "type"
   member: (definition kind: "field" attribute: (call callee: (name "orm") argument: (text) @_key))
  (#match? @_key "^(pk|auto|pk;auto)$")
  (#set! entity.store "{name|snake}")
  (#set! entity.columns "fields")
  (#set! column.types "string=TEXT bool=BOOLEAN int=BIGINT int8=SMALLINT int16=SMALLINT int32=INTEGER int64=BIGINT uint=BIGINT uint8=SMALLINT uint16=INTEGER
    uint32=BIGINT uint64=BIGINT float32=REAL float64=DOUBLE_PRECISION []byte=BYTEA Time=TIMESTAMP_WITH_TIME_ZONE NullString=TEXT NullBool=BOOLEAN NullInt32=INTEGER
    NullInt64=BIGINT NullFloat64=DOUBLE_PRECISION NullTime=TIMESTAMP_WITH_TIME_ZONE UUID=UUID")) @definition.entity)
