using System.Text;
using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories;

/// <summary>Creates random records: values of a few keys, tombstones and, if the rules allow them, bad records.</summary>
internal static class RecordMaker
{
    public const int Keys = 25;

    /// <summary>Returns a key, a value and their flaw.</summary>
    public static (string Place, byte[]? Key, byte[]? Value, Flaw Flaw) Next(Random random, HistoryRules rules)
    {
        var place = $"k{random.Next(Keys)}";
        var key = Encoding.UTF8.GetBytes(place);
        if (rules.HasPoison && random.Next(rules.Policy == RecordErrorPolicy.Fail ? 60 : 12) == 0)
            return Poison(place, key, random, rules);
        return (place, key, random.Next(5) == 0 ? null : Value(random), Flaw.None);
    }

    /// <summary>The flaw of a record that was found in a log.</summary>
    public static Flaw FlawOf(byte[]? key, byte[]? value, HistoryRules rules) => (key, value) switch
    {
        (null, _) => Flaw.NullKey,
        ([0xFF, ..], _) => Flaw.BadKey,
        (_, [0xFF, ..]) => Flaw.BadValue,
        (_, [(byte)'!']) when rules.Resolves => Flaw.ResolverThrows,
        _ => Flaw.None,
    };

    private static (string Place, byte[]? Key, byte[]? Value, Flaw Flaw) Poison(
        string place, byte[] key, Random random, HistoryRules rules) => random.Next(5) switch
    {
        0 => (place, null, Value(random), Flaw.NullKey),
        1 => (place, key, new byte[HistoryRules.OversizeBytes], Flaw.Oversize),
        2 when rules.Resolves => (place, key, "!"u8.ToArray(), Flaw.ResolverThrows),
        3 when rules.Decodes => (place, [0xFF, key[^1]], Value(random), Flaw.BadKey),
        _ when rules.Decodes => (place, key, [0xFF, 0xFE], Flaw.BadValue),
        _ => (place, null, null, Flaw.NullKey),
    };

    private static byte[] Value(Random random)
    {
        var value = new byte[random.Next(4) == 0 ? random.Next(300) : random.Next(20)];
        for (var i = 0; i < value.Length; i++)
            value[i] = (byte)('a' + random.Next(26));
        return value;
    }
}
