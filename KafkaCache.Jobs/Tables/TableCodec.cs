using System.Text;
using Confluent.Kafka;

namespace KafkaCaching.Jobs.Tables;

/// <summary>Keeps the keys and values of a table as the bytes that are in the topic. A key is a string with one character for each byte,
/// because a byte array can't be compared, sorted or looked up by its content.</summary>
internal sealed class TableCodec : ISerializer<string>, IDeserializer<string>, ISerializer<TableValue>, IDeserializer<TableValue>
{
    public static string KeyOf(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static byte[] BytesOf(string key) => Encoding.Latin1.GetBytes(key);

    public byte[] Serialize(string data, SerializationContext context) => BytesOf(data);

    public string Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => KeyOf(data);

    public byte[] Serialize(TableValue data, SerializationContext context) => data.Bytes;

    TableValue IDeserializer<TableValue>.Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
        new(data.ToArray());
}
