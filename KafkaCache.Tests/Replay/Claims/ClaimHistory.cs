namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>A random history of a topic in which several records yield the same keys. Record keys change partitions, and timestamps repeat
/// and decrease.</summary>
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

    /// <summary>All records, as read by a cache that runs during the whole history.</summary>
    public IReadOnlyList<ClaimRecord> Written => _written;

    public static ClaimHistory Of(ulong seed) => new(new Random(seed.GetHashCode()));

    /// <summary>The records as read by a cache that starts later: those that the cleaner has left, with the partitions in random
    /// order.</summary>
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

    // With Skip, an entry may come from a record that the cleaner removes, so nothing is cleaned.
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

    // The cleaner removes a tombstone after all earlier records of the key in its partition. If the key has a value in another partition,
    // that value would reappear in caches that start later.
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
