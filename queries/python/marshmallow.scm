; marshmallow 3: schemas that show rows (`OrderSchema().dump(order)`): nested fields called like relations of the row load these.
; Known misses: fields with `attribute=` or `data_key=`, schemas named by a text, methods that work a field out.

((call receiver: (_) @access.receiver method: ["dump" "dumps"] argument[0]: (_) @access.target) @access
  (#type? @access.receiver "marshmallow.Schema") (#set! operation "filled") (#set! access.foreign "true"))
(stub ["flask_marshmallow.Schema" "flask_marshmallow.Marshmallow.Schema" "marshmallow_sqlalchemy.SQLAlchemySchema" "marshmallow_sqlalchemy.ModelSchema"] extends: "marshmallow.Schema")
