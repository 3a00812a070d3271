namespace KafkaCaching.Replay;

/// <summary>Decodes what a resolver asks for, with the cache's own deserializers where the types are the cache's.</summary>
internal abstract class RecordDecoder
{
    public abstract T ReadKey<T>(in CacheRecord record);

    public abstract T ReadValue<T>(in CacheRecord record);
}
