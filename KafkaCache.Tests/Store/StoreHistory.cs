using FsCheck;
using FsCheck.Fluent;
using KafkaCaching.Store.Entries;
using Microsoft.FSharp.Core;

namespace KafkaCaching.Tests.Store;

internal enum StepKind
{
    Set,
    Replace,
    Remove,
    Scan,
    ReadAll,
}

/// <summary>One step of a random history of a store.</summary>
internal sealed record Step(StepKind Kind, int Key, int Partition, int Timestamp, int Length, byte Quarantine);

/// <summary>Generates random histories from a seed that is printed.</summary>
internal static class StoreHistory
{
    public static void ForAll(int histories, int steps, int keys, int longestValue, Action<Step[]> holds)
    {
        var seed = TestSeed.Next();
        var replay = new FsCheck.Replay(new Rnd(seed), FSharpOption<int>.None);
        var config = Config.QuickThrowOnFailure.WithMaxTest(histories).WithReplay(FSharpOption<FsCheck.Replay>.Some(replay));
        Check.One($"seed {seed}", config, Prop.ForAll(Arb.From(Histories(steps, keys, longestValue), Shrink), holds));
    }

    private static Gen<Step[]> Histories(int steps, int keys, int longestValue)
    {
        var kind = Gen.Frequency(
            (250, Gen.Constant(StepKind.Set)), (50, Gen.Constant(StepKind.Replace)), (100, Gen.Constant(StepKind.Remove)),
            (1, Gen.Constant(StepKind.Scan)), (2, Gen.Constant(StepKind.ReadAll)));
        var length = Gen.Frequency(
            (3, Gen.Choose(0, 40)), (6, Gen.Choose(0, longestValue / 10)), (1, Gen.Choose(0, longestValue)),
            (1, Gen.Elements(0, longestValue)));
        // As in a real topic, most keys stay in one partition.
        var partition = Gen.Frequency((9, Gen.Constant(-1)), (1, Gen.Choose(0, 2)));
        var quarantine = Gen.Frequency((9, Gen.Constant(0)), (1, Gen.Choose(1, EntryLayout.MaxQuarantine)));
        var step =
            from k in kind
            from key in Gen.Choose(0, keys - 1)
            from p in partition
            from timestamp in Gen.Choose(0, 5)
            from bytes in length
            from q in quarantine
            select new Step(k, key, p < 0 ? key % 3 : p, timestamp, bytes, (byte)q);
        return Gen.Choose(1, steps).SelectMany(count => Gen.ArrayOf(step, count));
    }

    private static IEnumerable<Step[]> Shrink(Step[] history)
    {
        for (var piece = history.Length; piece >= 1; piece /= 2)
        {
            for (
                var at =
                    0; at < history.Length; at += piece) yield return [.. history[..at],
                    .. history[Math.Min(at + piece, history.Length)..]];
        }
    }
}
