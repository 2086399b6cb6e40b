; marshmallow-sqlalchemy and flask-marshmallow: schemas that build instances of a mapped model (`load`), as such or as `.data`.
; Known misses: fields that load related instances, `make_instance` and `get_instance` of one's own.

(stub ["flask_marshmallow.Marshmallow.SQLAlchemyAutoSchema" "flask_marshmallow.Marshmallow.SQLAlchemySchema" "flask_marshmallow.sqla.SQLAlchemyAutoSchema"
       "marshmallow_sqlalchemy.SQLAlchemyAutoSchema" "flask_marshmallow.sqla.SQLAlchemySchema"] extends: "marshmallow_sqlalchemy.SQLAlchemySchema")
(stub ["flask_marshmallow.Marshmallow.ModelSchema" "flask_marshmallow.sqla.ModelSchema"] extends: "marshmallow_sqlalchemy.ModelSchema")
(stub "marshmallow_sqlalchemy.SQLAlchemySchema.load" returns: subject of: ["Meta.model"])
(stub "marshmallow_sqlalchemy.ModelSchema.load" returns: "marshmallow.UnmarshalResult" of: ["Meta.model"])
(stub "marshmallow.UnmarshalResult.data" is: subject)
