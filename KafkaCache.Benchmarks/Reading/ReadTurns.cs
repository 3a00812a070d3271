namespace KafkaCaching.Benchmarks.Reading;

/// <summary>One block, and under which circumstances.</summary>
internal sealed record ReadFigure(string Contender, string Keys, int Threads, bool BesideTail, ReadBlock Block);

/// <summary>Every contender on every set of keys, block by block in turns.</summary>
internal sealed class ReadTurns
{
    private const int WarmUps = 20;
    private const int Seed = 20_251;

    private readonly List<(string Contender, string Keys, int Threads, ReadLanes Lanes)> _turns = [];

    public ReadTurns(int entries, IReadOnlyList<int> threads, IReadOnlyList<ReadContender> contenders)
    {
        var random = new Random(Seed);
        var sets = new (string Name, string[] Keys)[] { ("hot", KeyWalk.Hot(entries, random)), ("random", KeyWalk.All(entries, random)) };
        foreach (var (name, keys) in sets)
        {
            foreach (var count in threads)
            {
                for (var i = 0; i < contenders.Count; i++)
                    _turns.Add((contenders[i].Name, name, count, new ReadLanes(contenders[i], keys, count, (double)i / contenders.Count)));
            }
        }

        // Until the code is compiled for good.
        for (var i = 0; i < WarmUps; i++)
            Round(besideTail: false);
    }

    public IReadOnlyList<ReadFigure> Round(bool besideTail) =>
        [.. _turns.Select(turn => new ReadFigure(turn.Contender, turn.Keys, turn.Threads, besideTail, turn.Lanes.Measure()))];
}
