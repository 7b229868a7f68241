using System.Text;

namespace Hearsay.Defects.Sources;

/// <summary>Writes the enums that name the defects of the sheets.</summary>
internal static class DefectNames
{
    /// <summary>The source of the enums.</summary>
    public static string Write(IEnumerable<EditSheet> sheets)
    {
        var text = new StringBuilder("namespace Hearsay.Defects;\n");
        foreach (var sheet in sheets)
        {
            text.Append($"\n/// <summary>{sheet.Summary}</summary>\npublic enum {sheet.EnumName}\n{{\n");
            text.Append("    /// <summary>As it ships.</summary>\n    None,\n");
            foreach (var defect in sheet.Defects)
            {
                text.Append($"\n    /// <summary>{defect.Summary}</summary>\n    {defect.Name},\n");
            }

            text.Append("}\n");
        }

        return text.ToString();
    }
}
