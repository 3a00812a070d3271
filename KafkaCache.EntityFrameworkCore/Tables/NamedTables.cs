namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>What a command names.</summary>
/// <param name="Tables">The tables, as tags name them.</param>
/// <param name="ReadOnce">Those of the tables that the command names once.</param>
/// <param name="UnknownViews">The views and functions of which nobody has declared what they read.</param>
internal sealed record NamedTables(string[] Tables, string[] ReadOnce, string[] UnknownViews);
