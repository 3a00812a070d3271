using System.Text;
using Confluent.Kafka;

namespace KafkaCaching.Tests.Hosting;

internal sealed class UriSerializer : ISerializer<Uri>, IDeserializer<Uri>
{
    public byte[] Serialize(Uri data, SerializationContext context) => Encoding.UTF8.GetBytes(data.ToString());

    public Uri Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => new(Encoding.UTF8.GetString(data));
}
