using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Openings;

/// <summary>A process that opens tags.</summary>
/// <param name="name">Its name, which no other process has had.</param>
internal sealed class TagWriter(string name)
{
    public string Name => name;

    /// <summary>The key of the tags that it has open.</summary>
    public string OpenKey { get; } = RecordKeys.OfOpen(name);

    /// <summary>The key of what others have ended of it.</summary>
    public string EndKey { get; } = RecordKeys.OfOpenEnd(name);

    /// <summary>Whether there was a record of it since <see cref="TagWriters.ForgetOld"/> was called last.</summary>
    public bool IsFresh { get; set; } = true;
}
