using System.Text;
using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Openings;

/// <summary>The processes that open tags. It sees each record before the cache applies it, so that whoever reads what has been applied
/// finds here every process of which there is a record.</summary>
internal sealed class TagWriters
{
    private readonly Lock _gate = new();
    private TagWriter[] _all = [];

    public TagWriter[] All => Volatile.Read(ref _all);

    /// <summary>Looks at a record. Replay thread.</summary>
    /// <returns><see langword="true"/>: no record is refused.</returns>
    public bool Notice(in CacheRecord record)
    {
        if (record.KeyBytes.StartsWith(RecordKeys.OpenPrefixBytes))
            Notice(Encoding.UTF8.GetString(record.KeyBytes[RecordKeys.OpenPrefixBytes.Length..]));
        return true;
    }

    public void Notice(string name)
    {
        lock (_gate)
        {
            if (Array.Find(_all, writer => writer.Name == name) is { } known)
                known.IsFresh = true;
            else
                Volatile.Write(ref _all, [.. _all, new TagWriter(name)]);
        }
    }

    /// <summary>Forgets the processes of which there was no record since the last call.</summary>
    public void ForgetOld()
    {
        lock (_gate)
        {
            TagWriter[] fresh = [.. _all.Where(static writer => writer.IsFresh)];
            foreach (var writer in fresh)
                writer.IsFresh = false;
            Volatile.Write(ref _all, fresh);
        }
    }
}
