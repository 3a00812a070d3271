using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Openings;

/// <summary>A process that opens tags.</summary>
/// <param name="name">A name that is unique to the process.</param>
internal sealed class TagWriter(string name)
{
    public string Name => name;

    /// <summary>The key of the record that lists its open tags.</summary>
    public string OpenKey { get; } = RecordKeys.OfOpen(name);

    /// <summary>The key of the record with which other processes end its open tags.</summary>
    public string EndKey { get; } = RecordKeys.OfOpenEnd(name);

    /// <summary>Whether a record of this process has been seen since the last call of <see cref="TagWriters.ForgetOld"/>.</summary>
    public bool IsFresh { get; set; } = true;
}
