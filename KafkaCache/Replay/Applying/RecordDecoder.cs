namespace KafkaCaching.Replay.Applying;

/// <summary>Decodes keys and values for <see cref="CacheRecord"/>.</summary>
internal abstract class RecordDecoder
{
    public abstract T ReadKey<T>(in CacheRecord record);

    public abstract T ReadValue<T>(in CacheRecord record);
}
