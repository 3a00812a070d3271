namespace KafkaCaching.Replay;

/// <summary>Decodes the key or value that a resolver asks for. For the cache's types it uses the cache's own deserializers.</summary>
internal abstract class RecordDecoder
{
    public abstract T ReadKey<T>(in CacheRecord record);

    public abstract T ReadValue<T>(in CacheRecord record);
}
