namespace KafkaCaching.Reads;

/// <summary>An entry decoded once, with its key's bytes.</summary>
internal sealed class DecodedEntry<TValue>(byte[] key, in CacheEntry<TValue> entry)
{
    private readonly CacheEntry<TValue> _entry = entry;

    public byte[] Key { get; } = key;

    public ref readonly CacheEntry<TValue> Entry => ref _entry;
}
