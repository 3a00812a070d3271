namespace KafkaCaching.EntityFrameworkCore.Tables;

/// <summary>The tables and views that a command names.</summary>
/// <param name="Tables">The tables, as tags name them.</param>
/// <param name="ReadOnce">The tables that the command names exactly once.</param>
/// <param name="UnknownViews">The views, functions and SQL queries of the model whose tables have not been declared.</param>
internal sealed record NamedTables(string[] Tables, string[] ReadOnce, string[] UnknownViews);
