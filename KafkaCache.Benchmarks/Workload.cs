using System.Text;

namespace KafkaCaching.Benchmarks;

/// <summary>The workload of every driver: keys of 36 bytes and JSON values of 147 bytes, both derived from the record's number.</summary>
internal static class Workload
{
    public const int Partitions = 4;

    /// <summary>The bytes of all keys and values.</summary>
    public static long PayloadBytes(int records) => records * (long)(Key(0).Length + Value(0).Length);

    /// <summary>The partition of a record, for drivers that choose the partition themselves.</summary>
    public static int PartitionOf(int number) => number % Partitions;

    public static string Key(int number)
    {
        Span<ulong> bits = [Mix((ulong)number), Mix(~(ulong)number)];
        return new Guid(System.Runtime.InteropServices.MemoryMarshal.AsBytes(bits)).ToString();
    }

    public static byte[] Value(int number) => Encoding.UTF8.GetBytes(
        $$"""{"id":"{{Key(number)}}","email":"user{{number:D7}}@example.com","displayName":"User """
        + $$"""{{number:D7}}","groups":["organization-{{number % 5_000:D4}}-members"]}""");

    // The finalizer of SplitMix64. It is a bijection, and maps consecutive numbers to unrelated results.
    private static ulong Mix(ulong number)
    {
        number += 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
