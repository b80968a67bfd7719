// Runs veraPDF's own rules over PDF files: java -cp … VeraCheck.java FLAVOUR[,FLAVOUR] FILE…
// Exit 0 only when every file is compliant with every flavour.

import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class VeraCheck {
    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean good = true;
        for (int i = 1; i < args.length; i++) {
            for (String name : args[0].split(",")) {
                good &= compliant(args[i], PDFAFlavour.fromString(name));
            }
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean compliant(String file, PDFAFlavour flavour) throws Exception {
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            throw new IllegalArgumentException("unknown flavour");
        }
        try (FileInputStream in = new FileInputStream(file);
             PDFAParser parser = Foundries.defaultInstance().createParser(in, flavour);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println(flavour.getId() + (result.isCompliant() ? " compliant, " : " NOT compliant, ")
                + result.getTotalAssertions() + " checks");
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    System.out.println("  " + assertion.getRuleId().getClause() + "-"
                        + assertion.getRuleId().getTestNumber() + " " + assertion.getMessage()
                        + " @ " + assertion.getLocation().getContext());
                }
            }
            return result.isCompliant() && result.getTotalAssertions() > 0;
        }
    }
}
