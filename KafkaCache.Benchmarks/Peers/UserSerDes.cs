using Confluent.Kafka;
using Streamiz.Kafka.Net.SerDes;

namespace KafkaCaching.Benchmarks.Peers;

/// <summary>The workload's value for Streamiz, decoded by the serializer that all contenders use.</summary>
internal sealed class UserSerDes : AbstractSerDes<User>
{
    public override byte[] Serialize(User data, SerializationContext context) => User.ToJson(data);

    public override User Deserialize(byte[] data, SerializationContext context) => User.FromJson(data);
}
