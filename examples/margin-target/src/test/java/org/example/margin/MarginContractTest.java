package org.example.margin;

import io.vitrail.api.TargetForm;
import io.vitrail.testkit.TargetContract;
import java.util.List;

class MarginContractTest extends TargetContract {
    @Override
    protected TargetForm form() {
        return new Margin();
    }

    @Override
    protected List<String> spellings() {
        return List.of("margin:0,1", "margin:2,0", "margin:bee,2", "margin:ant, cat");
    }

    @Override
    protected List<String> refused() {
        return List.of("margin", "margin:0", "margin:0,", "margin:0,1,2", "margin:0,3", "margin:0,bat");
    }
}
