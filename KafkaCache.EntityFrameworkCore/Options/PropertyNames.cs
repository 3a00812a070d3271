using System.Linq.Expressions;

namespace KafkaCaching.EntityFrameworkCore.Options;

/// <summary>Reads the name of a property from a lambda.</summary>
internal static class PropertyNames
{
    /// <exception cref="ArgumentException">The lambda is not a property of its parameter.</exception>
    public static string Of(LambdaExpression column)
    {
        var body = column.Body is UnaryExpression { NodeType: ExpressionType.Convert } converted ? converted.Operand : column.Body;
        return body is MemberExpression { Expression: ParameterExpression } member
            ? member.Member.Name
            : throw new ArgumentException(
                "The lambda is not a property of the entity. Write it as in 'user => user.GroupId'.", nameof(column));
    }
}
