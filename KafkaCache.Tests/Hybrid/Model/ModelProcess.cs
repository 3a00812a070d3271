using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Tests.Hybrid.Model;

/// <summary>The process of a pod of the model, from its start to its death: its open tags, and the positions up to which it has put
/// marks.</summary>
internal sealed class ModelProcess(string name, int partitions)
{
    private long[] _marks = new long[partitions];
    private int _generation;

    public TagWriter Writer { get; } = new(name);

    public List<ModelOpening> Open { get; } = [];

    public void Put(CachePosition mark, int generation)
    {
        if (_generation != generation)
            (_marks, _generation) = (new long[partitions], generation);
        _marks[mark.Partition] = mark.Offset + 1;
    }

    public AsOf? Marks(ModelLog log) => _generation == log.Generation ? new AsOf(log.Id, [.. _marks]) : null;
}

/// <summary>Tags that are open for one commit.</summary>
/// <param name="Marks">The keys of the marks of the tags.</param>
/// <param name="Commit">The versions that reads must return after the commit, in pods that have seen the opening.</param>
internal sealed record ModelOpening(string[] Marks, Demand Commit);
