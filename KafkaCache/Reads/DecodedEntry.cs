namespace KafkaCaching.Reads;

/// <summary>A decoded entry, with the bytes of its key.</summary>
internal sealed class DecodedEntry<TValue>(byte[] key, in CacheEntry<TValue> entry)
{
    private readonly CacheEntry<TValue> _entry = entry;

    public byte[] Key { get; } = key;

    public ref readonly CacheEntry<TValue> Entry => ref _entry;
}
