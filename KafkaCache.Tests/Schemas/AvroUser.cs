using Avro;
using Avro.IO;
using Avro.Specific;

namespace KafkaCaching.Tests.Schemas;

/// <summary>A class as avrogen would generate it for a schema with three fields.</summary>
public sealed record AvroUser : ISpecificRecord
{
    public const string SchemaText = """
        {"type":"record","name":"AvroUser","namespace":"KafkaCaching.Tests.Schemas","fields":[
          {"name":"Id","type":"string"},{"name":"Email","type":"string"},{"name":"Version","type":"int"}]}
        """;

    private static readonly Schema TheSchema = Schema.Parse(SchemaText);

    public string Id { get; private set; } = "";

    public string Email { get; private set; } = "";

    public int Version { get; private set; }

    Schema ISpecificRecord.Schema => TheSchema;

    public static AvroUser Of(string id) => new() { Id = id, Email = $"{id}@example.com", Version = 3 };

    /// <summary>Serializes the fields in Avro's binary encoding, without the schema prefix.</summary>
    public byte[] Content()
    {
        using var stream = new MemoryStream();
        new SpecificDatumWriter<AvroUser>(TheSchema).Write(this, new BinaryEncoder(stream));
        return stream.ToArray();
    }

    object ISpecificRecord.Get(int fieldPos) => fieldPos switch { 0 => Id, 1 => Email, _ => Version };

    void ISpecificRecord.Put(int fieldPos, object fieldValue)
    {
        switch (fieldPos)
        {
            case 0: Id = (string)fieldValue; break;
            case 1: Email = (string)fieldValue; break;
            default: Version = (int)fieldValue; break;
        }
    }
}
