using Avro;
using Avro.Generic;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;

namespace KafkaCaching.EntityFrameworkCore.Debezium.Records;

/// <summary>Reads Avro with the schemas of a registry.</summary>
internal sealed class AvroRecordDecoder(ISchemaRegistryClient registry) : IRecordDecoder
{
    private readonly AvroDeserializer<GenericRecord> _deserializer = new(registry);

    public async Task<IReadOnlyDictionary<string, object?>?> DecodeAsync(byte[] bytes, bool isKey, string topic)
    {
        GenericRecord record;
        try
        {
            var component = isKey ? MessageComponentType.Key : MessageComponentType.Value;
            record = await _deserializer.DeserializeAsync(bytes, isNull: false, new SerializationContext(component, topic))
                .ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The exception is not passed on, because its message may quote the record. OutOfMemoryException is caught too, because a
            // malformed record may contain a huge length.
            throw new FormatException("it can't be read as Avro with the schemas of the registry, or the registry does not answer");
        }

        return Fields(record);
    }

    private static Dictionary<string, object?> Fields(GenericRecord record) => ((RecordSchema)record.Schema).Fields
        .ToDictionary(static field => field.Name, field => Value(record.GetValue(field.Pos)), StringComparer.Ordinal);

    private static object? Value(object? value) => value switch
    {
        int whole => (long)whole,
        GenericRecord record => Fields(record),
        GenericEnum one => one.Value,
        _ => value,
    };
}
