using System.Buffers.Binary;
using System.ComponentModel;
using Confluent.Kafka;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>A value that contains its key, its writer and its sequence number. These determine all other bytes, so that every byte can be
/// checked.</summary>
[ImmutableObject(true)]
internal sealed record SoakValue(int Layout, int Key, int Writer, long Sequence, bool IsToBeAborted, int Length)
{
    public const int MinLength = 50;
    public const int MaxLength = 350;
    private const int HeaderBytes = 21;

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Layout);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Key);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Writer);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), Sequence);
        bytes[20] = IsToBeAborted ? (byte)1 : (byte)0;
        var filler = Seed();
        for (var at = HeaderBytes; at < bytes.Length; at++)
            bytes[at] = (byte)(Next(ref filler) >> 56);
        return bytes;
    }

    /// <exception cref="FormatException">A byte differs from what was written.</exception>
    public static SoakValue Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < MinLength or > MaxLength)
            throw new FormatException("The value has a length that none was written with.");
        var value = new SoakValue(
            BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]), bytes[20] != 0, bytes.Length);
        var filler = value.Seed();
        for (var at = HeaderBytes; at < bytes.Length; at++)
        {
            if (bytes[at] != (byte)(Next(ref filler) >> 56))
                throw new FormatException("The value is torn or spoilt.");
        }

        return value;
    }

    private ulong Seed() =>
        ((ulong)Sequence * 0x9E3779B97F4A7C15) ^ ((ulong)Key << 32) ^ ((ulong)Writer << 16) ^ (ulong)Layout ^ 0x5851F42D4C957F2D;

    private static ulong Next(ref ulong state) => state = (state * 6364136223846793005) + 1442695040888963407;

    internal sealed class Encoding : ISerializer<SoakValue>, IDeserializer<SoakValue>
    {
        public byte[] Serialize(SoakValue data, SerializationContext context) => data.ToBytes();

        public SoakValue Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => Parse(data);
    }
}
