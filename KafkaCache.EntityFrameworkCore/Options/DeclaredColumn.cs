namespace KafkaCaching.EntityFrameworkCore.Options;

/// <summary>A column that queries may filter on with <c>By</c>.</summary>
/// <param name="Entity">The type of the entities.</param>
/// <param name="Property">The name of the property.</param>
internal sealed record DeclaredColumn(Type Entity, string Property);
