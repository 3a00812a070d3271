namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>The whole-number types, in which equal values have the same tag.</summary>
internal static class WholeNumbers
{
    private static readonly HashSet<Type> Types = [
        typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long),
    ];

    public static bool Include(Type type) => Types.Contains(type);
}
