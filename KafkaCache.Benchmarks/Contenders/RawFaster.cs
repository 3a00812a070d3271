using System.Numerics;
using System.Text;
using FASTER.core;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>FASTER alone. It stores key and value bytes without metadata, does not count entries, and has an index and a log sized for the
/// entries.</summary>
internal sealed class RawFaster(int entries, ConcurrencyControlMode concurrency) : IDisposable
{
    private const int BucketBytes = 64;

    private readonly FasterKV<SpanByte, SpanByte> _faster = new(new FasterKVSettings<SpanByte, SpanByte>
    {
        IndexSize = (long)BitOperations.RoundUpToPowerOf2((uint)Math.Max(entries / 4, 128)) * BucketBytes,
        ConcurrencyControlMode = concurrency,
        LogDevice = new NullDevice(),
        PageSize = 4 << 20,
        MemorySize = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(320L * entries, 64 << 20)),
        MutableFraction = 1.0,
    });

    public long MemoryBytes => _faster.Log.MemorySizeBytes + ((_faster.IndexSize + _faster.OverflowBucketCount) * BucketBytes);

    /// <summary>The bytes that FASTER allocates before its first entry, in addition to its index and its log. The number is measured,
    /// because it depends on FASTER's internals.</summary>
    public static long MeasureEmptyBytes()
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        using var empty = new RawFaster(entries: 0, ConcurrencyControlMode.None);
        return GC.GetTotalAllocatedBytes(precise: true) - allocated - empty.MemoryBytes;
    }

    /// <summary>Opens a session for one thread at a time.</summary>
    public Session NewSession() => new(_faster.For(new SpanByteFunctions<Empty>()).NewSession<SpanByteFunctions<Empty>>());

    public void Dispose() => _faster.Dispose();

    internal sealed unsafe class Session(
        ClientSession<SpanByte, SpanByte, SpanByte, SpanByteAndMemory, Empty, SpanByteFunctions<Empty>> session)
    {
        private const int MaxKeyLength = 256;
        private const int MaxValueLength = 1024;

        private readonly byte[] _value = GC.AllocateUninitializedArray<byte>(MaxValueLength, pinned: true);

        public void Upsert(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            fixed (byte* keyBytes = key, valueBytes = value)
            {
                var keySpan = SpanByte.FromPointer(keyBytes, key.Length);
                var valueSpan = SpanByte.FromPointer(valueBytes, value.Length);
                session.Upsert(ref keySpan, ref valueSpan);
            }
        }

        /// <summary>The key is encoded on the stack; the value is copied into a buffer, where it is valid until the next read.</summary>
        public bool TryRead(string key, out ReadOnlySpan<byte> value)
        {
            var keyBytes = stackalloc byte[MaxKeyLength];
            var keySpan = SpanByte.FromPointer(keyBytes, Encoding.UTF8.GetBytes(key, new Span<byte>(keyBytes, MaxKeyLength)));
            var output = new SpanByteAndMemory(SpanByte.FromPinnedMemory(_value));
            var found = session.Read(ref keySpan, ref output).Found;
            value = _value.AsSpan(0, found ? output.Length : 0);
            return found;
        }
    }
}
