using System.Buffers;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using KafkaCaching.EntityFrameworkCore.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>Converts a query to a string that is equal for two queries only if they do the same, and determines whether the query reads a
/// value that is not in that string.</summary>
internal sealed class QueryText(IModel model) : ExpressionVisitor
{
    // Static members of these types are translated to SQL or never change, so their values need not be in the text.
    private static readonly Type[] KnownStatics = [
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Guid), typeof(string),
        typeof(decimal), typeof(EF),
    ];

    private readonly StringBuilder _text = new();
    private readonly List<ParameterExpression> _parameters = [];
    private readonly ArrayBufferWriter<byte> _constant = new();
    private string? _fault;

    /// <param name="query">The query.</param>
    /// <param name="model">The model of the contexts that run the query.</param>
    /// <param name="fault">The end of a sentence that names a value that the query reads but the string does not contain;
    /// <see langword="null"/> if there is none.</param>
    public static string Of(LambdaExpression query, IModel model, out string? fault)
    {
        var text = new QueryText(model);
        text.Visit(query);
        fault = text._fault;
        return text._text.ToString();
    }

    public override Expression? Visit(Expression? node)
    {
        if (node is null)
            return null;
        _text.Append(CultureInfo.InvariantCulture, $"({node.NodeType} {node.Type} ");
        var visited = base.Visit(node);
        _text.Append(')');
        return visited;
    }

    protected override Expression VisitConstant(ConstantExpression node)
    {
        _constant.ResetWrittenCount();
        if (node.Value is Type type)
            _text.Append(type);
        else if (CanonicalValues.TryWrite(_constant, node.Value))
            _text.Append(Convert.ToHexString(_constant.WrittenSpan));
        else
            Fail("has a variable from outside of its lambda. Make it a parameter of the query.");
        return node;
    }

    // The query may use the sets of its context, but not the context itself.
    protected override Expression VisitParameter(ParameterExpression node)
    {
        if (typeof(DbContext).IsAssignableFrom(node.Type))
            Fail("uses its context as a value. Use only the sets of the context, as in db.Users or db.Set<User>().");
        var number = _parameters.IndexOf(node);
        if (number < 0)
        {
            number = _parameters.Count;
            _parameters.Add(node);
        }

        _text.Append(number);
        return node;
    }

    protected override Expression VisitLambda<T>(Expression<T> node)
    {
        // In the text, a parameter is identified by its position in this list.
        _parameters.AddRange(node.Parameters);
        Visit(node.Body);
        _text.Append(node.Parameters.Count);
        return node;
    }

    protected override Expression VisitMember(MemberExpression node)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{node.Member.DeclaringType}.{node.Member.Name} ");
        if (IsContext(node.Expression))
        {
            if (!node.Type.IsGenericType || node.Type.GetGenericTypeDefinition() != typeof(DbSet<>))
                Fail($"reads {node.Member.Name} of its context. Make it a parameter of the query.");
            return node;
        }

        if (node.Expression is null && !KnownStatics.Contains(node.Member.DeclaringType))
            Fail($"reads {node.Member.DeclaringType?.Name}.{node.Member.Name}. Make it a parameter of the query.");
        Visit(node.Expression);
        return node;
    }

    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{node.Method.DeclaringType} {node.Method} ");
        if (!IsKnown(node.Method))
            Fail(
                $"calls {node.Method.DeclaringType?.Name}.{node.Method.Name}. Write out in the lambda what it does, or call it on the "
                + "result.");
        if (!IsContext(node.Object))
            Visit(node.Object);
        Visit(node.Arguments);
        return node;
    }

    protected override Expression VisitNew(NewExpression node)
    {
        _text.Append(node.Constructor);
        return base.VisitNew(node);
    }

    protected override MemberBinding VisitMemberBinding(MemberBinding node)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{node.BindingType} {node.Member.Name} ");
        return base.VisitMemberBinding(node);
    }

    protected override Expression VisitTypeBinary(TypeBinaryExpression node)
    {
        _text.Append(node.TypeOperand);
        return base.VisitTypeBinary(node);
    }

    protected override Expression VisitExtension(Expression node)
    {
        Fail("is not written as a lambda.");
        return node;
    }

    private static bool IsContext(Expression? node) => node is ParameterExpression && typeof(DbContext).IsAssignableFrom(node.Type);

    private bool IsKnown(MethodInfo method) => method.DeclaringType?.Namespace is { } space
        && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal)
            || space.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
            || space.StartsWith("KafkaCaching.EntityFrameworkCore", StringComparison.Ordinal)
            || model.FindDbFunction(method) is not null);

    private void Fail(string fault) => _fault ??= fault;
}
