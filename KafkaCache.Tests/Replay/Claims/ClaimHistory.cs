namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>A random history of a topic whose records yield one another's keys. Record keys change partitions; timestamps repeat and go
/// back.</summary>
internal sealed class ClaimHistory
{
    private static readonly string[] Keys = ["a", "b", "c", "d", "e", "f", "g"];

    private readonly int _partitions;
    private readonly List<ClaimRecord> _written = [];

    private ClaimHistory(Random random)
    {
        Policy = (RecordErrorPolicy)random.Next(3);
        _partitions = random.Next(1, 9);
        var (recordKeys, movesOneIn) = (random.Next(1, Keys.Length + 1), random.Next(1, 8));
        var (steps, timestamps) = (random.Next(2, 50), random.Next(1, 40));
        var offsets = new long[_partitions];
        for (var i = 0; i < steps; i++)
        {
            var key = random.Next(recordKeys);
            var partition = random.Next(movesOneIn) == 0 ? random.Next(_partitions) : key % _partitions;
            _written.Add(new ClaimRecord(partition, offsets[partition]++, random.Next(timestamps), Keys[key], Value(random)));
        }
    }

    public RecordErrorPolicy Policy { get; }

    /// <summary>As a cache sees it that was there all the time.</summary>
    public IReadOnlyList<ClaimRecord> Written => _written;

    public static ClaimHistory Of(ulong seed) => new(new Random(seed.GetHashCode()));

    /// <summary>As another sees it that comes by later: what the cleaner has left, in the order in which the partitions happen to be
    /// fetched.</summary>
    public IReadOnlyList<ClaimRecord> ReadLater(Random random)
    {
        var left = Clean(random).ToLookup(static record => record.Partition);
        var logs = left.Select(static log => new Queue<ClaimRecord>(log)).ToList();
        var mostAtOnce = random.Next(3) switch { 0 => int.MaxValue, 1 => 1, _ => random.Next(2, 8) };
        var read = new List<ClaimRecord>();
        while (logs.Count > 0)
        {
            var log = logs[random.Next(logs.Count)];
            for (var i = 0; i < mostAtOnce && log.Count > 0; i++)
                read.Add(log.Dequeue());
            if (log.Count == 0)
                logs.Remove(log);
        }

        return read;
    }

    public override string ToString() => $"{Policy}\n{string.Join('\n', _written)}";

    // What is kept under Skip may be of a record that the cleaner takes.
    private List<ClaimRecord> Clean(Random random)
    {
        if (Policy == RecordErrorPolicy.Skip)
            return _written;
        var keeps = random.Next(3);
        var gone = _written
            .FindAll(record => IsTombstoneOfOnePartition(record) && Superseding(record) is null && random.Next(2) == 0)
            .ConvertAll(static record => record.Key);
        return _written.FindAll(record =>
            !gone.Contains(record.Key) && (Superseding(record) is null || keeps == 0 || (keeps == 1 && random.Next(2) == 0)));
    }

    private ClaimRecord? Superseding(ClaimRecord record) =>
        _written.Find(later => later.Partition == record.Partition && later.Offset > record.Offset && later.Key == record.Key);

    // The cleaner takes a tombstone when all before it is gone. A value in another partition would come back in every cache that starts
    // later.
    private bool IsTombstoneOfOnePartition(ClaimRecord record) =>
        record.Value is null && !_written.Exists(other => other.Key == record.Key && other.Partition != record.Partition);

    private string? Value(Random random) => random.Next(12) switch
    {
        0 or 1 => null,
        2 => "",
        3 when Policy != RecordErrorPolicy.Fail => random.Next(3) switch
        {
            0 => ClaimRecord.Throws,
            1 => ClaimRecord.Refused,
            _ => $"{Entry(random)} {Keys[random.Next(Keys.Length)]}={ClaimRecord.Oversize}",
        },
        _ => string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Entry(random))),
    };

    private static string Entry(Random random) => $"{Keys[random.Next(Keys.Length)]}={new string('v', random.Next(4))}{random.Next(1_000)}";
}
