; gorm.io/gen: code that gorm's generator writes for each model (`q.Order.WithContext(ctx).Where(..).Find()`). A generated
; type is about the model that its `First` gives; what it does counts where it is called.
; Known misses: its generic API, queries written as interfaces, rows of joined models.

(stub ["gorm.io/gen.DO.UnderlyingDB" "gorm.io/gen.SubQuery.UnderlyingDB"] returns: "gorm.io/gorm.DB" of: ["First"])
(stub "gorm.io/gen.DO.*" returns: self)

((call receiver: (_) @access.target
       method: ["First" "Take" "Last" "Find" "FindInBatch" "FindInBatches" "FindByPage" "ScanByPage" "Scan" "Count" "Pluck" "Row" "Rows"
                "FirstOrInit" "FirstOrCreate" "Create" "CreateInBatches" "Save" "Update" "UpdateSimple" "Updates" "UpdateColumn"
                "UpdateColumnSimple" "UpdateColumns" "Delete"] @access.verb
  (#type? @access.target "gorm.io/gen.DO" "gorm.io/gen.SubQuery")
  (#not-eq? @access.target "DO")
  (#set! access.of "First")
  (#set! access.select "First Take Last Find FindInBatch FindInBatches FindByPage ScanByPage Scan Count Pluck Row Rows FirstOrInit")
  (#set! access.insert "FirstOrCreate Create CreateInBatches")
  (#set! access.update "Update UpdateSimple Updates UpdateColumn UpdateColumnSimple UpdateColumns")
  (#set! access.upsert "Save") (#set! access.delete "Delete")
  (#set! access.reads "FirstOrCreate")) @access)
((call receiver: (call receiver: (_) @access.target method: "Clauses"
                       argument: (construct of: (_) @_of [field[UpdateAll]: (_) field[DoUpdates]: (_)]))
       method: ["Create" "CreateInBatches"]
  (#type? @access.target "gorm.io/gen.DO" "gorm.io/gen.SubQuery")
  (#is? @_of "gorm.io/gorm/clause.OnConflict")
  (#set! access.of "First")
  (#set! operation "upsert")) @access)
