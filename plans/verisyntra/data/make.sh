#!/bin/sh
# Writes the CSV files of this folder: what a company with 25 branches does with personal data.
# Equal runs write equal bytes.
set -eu
cd "$(dirname "$0")"

cat > data_categories.csv <<'END'
code,name_vi,name_en,is_sensitive
name,"Họ, chữ đệm và tên khai sinh",Full name at birth,false
birth,"Ngày, tháng, năm sinh",Date of birth,false
gender,Giới tính,Gender,false
address,"Nơi thường trú, nơi ở hiện tại",Residence,false
nationality,Quốc tịch,Nationality,false
portrait,Hình ảnh của cá nhân,Image of the person,false
phone,Số điện thoại,Telephone number,false
email,Địa chỉ thư điện tử,E-mail address,false
national_id,"Số định danh cá nhân, số căn cước",Personal identification number,false
passport,Số hộ chiếu,Passport number,false
tax_code,Mã số thuế cá nhân,Personal tax code,false
social_insurance,Số bảo hiểm xã hội,Social insurance number,false
marital,Tình trạng hôn nhân,Marital status,false
family,Quan hệ gia đình,Family relations,false
account,Tài khoản số của cá nhân,Digital account,false
activity_log,Lịch sử hoạt động trên không gian mạng,History of activity online,false
education,"Trình độ học vấn, quá trình công tác",Education and career,false
plate,Biển số xe,Licence plate,false
health,Tình trạng sức khỏe ghi trong hồ sơ y tế,State of health in medical records,true
biometric,"Đặc điểm sinh trắc học, dấu vân tay",Biometric features and fingerprints,true
location,Dữ liệu về vị trí của cá nhân,Location data,true
credit,"Thông tin tín dụng, giao dịch ngân hàng",Credit and banking transactions,true
union,Tư cách đoàn viên công đoàn,Trade union membership,true
criminal,"Lý lịch tư pháp, tiền án, tiền sự",Criminal record,true
END

cat > recipients.csv <<'END'
code,name_vi,name_en,kind
hr,Phòng Nhân sự,Human resources department,internal
accounting,Phòng Kế toán,Accounting department,internal
sales,Phòng Kinh doanh,Sales department,internal
care,Trung tâm chăm sóc khách hàng,Customer care centre,internal
it,Phòng Công nghệ thông tin,IT department,internal
legal,Ban Pháp chế,Legal department,internal
tax_office,Cơ quan thuế,Tax authority,authority
insurance_office,Cơ quan bảo hiểm xã hội,Social insurance authority,authority
police,"Cơ quan công an, khi có yêu cầu hợp pháp","Police, upon lawful request",authority
labour_office,Sở Nội vụ,Department of home affairs,authority
bank,Ngân hàng chi trả lương,Bank that pays the wages,third_party
carrier,Đơn vị vận chuyển,Carrier,third_party
clinic,Cơ sở khám bệnh,Clinic,third_party
payment,Cổng thanh toán,Payment gateway,processor
cloud,Nhà cung cấp dịch vụ điện toán đám mây,Cloud provider,processor
messaging,Nhà cung cấp tin nhắn thương hiệu,Messaging provider,processor
END

cat > transfers.csv <<'END'
code,country,purpose_vi,purpose_en,mechanism
cloud_sg,SG,Lưu trữ dự phòng tại Xin-ga-po,Backups stored in Singapore,impact_assessment
support_in,IN,Hỗ trợ kỹ thuật từ Ấn Độ,Technical support from India,impact_assessment
mail_us,US,Gửi thư điện tử qua máy chủ tại Hoa Kỳ,E-mail by servers in the United States,impact_assessment
group_jp,JP,Báo cáo nhân sự cho công ty mẹ tại Nhật Bản,Personnel reports to the parent company in Japan,contract
travel_eu,FR,Đặt phòng cho chuyến công tác tại Pháp,Bookings for travel to France,consent
END

# Processes, a line each: name, purpose and source in Vietnamese and English, legal basis, months,
# automated decisions, DPIA, categories, recipients, transfers.
awk '
  BEGIN {
    FS = "|"
    count = split("Hà Nội|Thành phố Hồ Chí Minh|Hải Phòng|Đà Nẵng|Cần Thơ|Huế|Quảng Ninh|" \
      "Thanh Hóa|Nghệ An|Hà Tĩnh|Lào Cai|Thái Nguyên|Phú Thọ|Bắc Ninh|Hưng Yên|Ninh Bình|" \
      "Quảng Trị|Quảng Ngãi|Gia Lai|Khánh Hòa|Lâm Đồng|Đắk Lắk|Đồng Nai|Tây Ninh|An Giang",
      places, "|")
    print "activity_name_vi,activity_name_en,purpose_vi,purpose_en,legal_basis,data_source_vi," \
      "data_source_en,retention_period_months,has_automated_decision_making,requires_dpia," \
      "data_categories,recipients,transfers"
  }
  function english(place) { return place ~ /Chí Minh/ ? "Hồ Chí Minh City" : place }
  function quoted(text) { gsub(/"/, "\"\"", text); return "\"" text "\"" }
  function cell(text) { return text ~ /[",]/ ? quoted(text) : text }
  function list(codes) {
    if (codes == "") return "[]"
    gsub(/ /, "\",\"", codes)
    return quoted("[\"" codes "\"]")
  }
  {
    for (i = 1; i <= count; i++)
      print cell($1 " tại " places[i]) "," cell($2 " in " english(places[i])) "," cell($3) "," cell($4) "," \
        $7 "," cell($5) "," cell($6) "," $8 "," $9 "," $10 "," list($11) "," list($12) "," \
        list(i <= 5 ? $13 : "")
  }
' > activities.csv <<'END'
Tuyển dụng nhân viên|Recruitment of staff|Đánh giá và lựa chọn ứng viên|Assessing and choosing applicants|Ứng viên cung cấp|Given by applicants|consent|24|false|false|name birth phone email education|hr|
Quản lý hồ sơ nhân sự|Personnel files|Thực hiện hợp đồng lao động|Performing the employment contract|Người lao động cung cấp|Given by employees|contract|120|false|false|name birth address national_id marital family|hr labour_office|group_jp
Chi trả tiền lương|Payroll|Tính và chuyển tiền lương|Computing and paying wages|Bảng chấm công, hợp đồng|Timesheets and contracts|contract|120|false|false|name tax_code credit|accounting bank|
Đóng bảo hiểm xã hội|Social insurance|Thực hiện nghĩa vụ bảo hiểm|Meeting insurance duties|Người lao động cung cấp|Given by employees|legal_obligation|240|false|false|name birth social_insurance|hr insurance_office|
Quyết toán thuế thu nhập cá nhân|Personal income tax returns|Khấu trừ và kê khai thuế|Deducting and declaring tax|Bảng lương|Payroll|legal_obligation|120|false|false|name tax_code family|accounting tax_office|
Chấm công bằng vân tay|Attendance by fingerprint|Ghi nhận thời giờ làm việc|Recording working hours|Máy chấm công|Attendance terminals|consent|12|false|true|name biometric|hr it|
Khám sức khỏe định kỳ|Periodic health checks|Bảo đảm an toàn, vệ sinh lao động|Occupational safety and health|Cơ sở khám bệnh|Clinics|legal_obligation|120|false|true|name birth gender health|hr clinic|
Đào tạo nội bộ|Internal training|Nâng cao nghiệp vụ|Improving skills|Hệ thống đào tạo|Training system|legitimate_interest|36|false|false|name email education|hr|
Đánh giá kết quả công việc|Performance reviews|Xét thưởng và nâng bậc|Bonuses and promotions|Quản lý trực tiếp|Line managers|legitimate_interest|60|true|true|name education|hr|group_jp
Quản lý đoàn viên công đoàn|Trade union members|Thu đoàn phí và chăm lo đời sống|Dues and welfare|Ban chấp hành công đoàn|Union committee|consent|60|false|true|name union|hr accounting|
Đặt vé và phòng công tác|Business travel|Tổ chức chuyến công tác|Arranging business trips|Người lao động cung cấp|Given by employees|contract|24|false|false|name passport phone|hr|travel_eu
Tiếp nhận tố cáo nội bộ|Whistleblowing|Phát hiện và xử lý vi phạm|Finding and handling violations|Người tố cáo|Whistleblowers|legal_obligation|60|false|true|name phone email|legal police|
Quản lý khách hàng|Customer management|Duy trì quan hệ với khách hàng|Keeping customer relations|Khách hàng cung cấp|Given by customers|contract|60|false|false|name phone email address|sales care|cloud_sg
Mở tài khoản trực tuyến|Online registration|Cung cấp dịch vụ trực tuyến|Providing the online service|Biểu mẫu đăng ký|Registration form|contract|60|false|false|name phone email account|it cloud|cloud_sg
Định danh khách hàng điện tử|Electronic identification|Xác thực danh tính từ xa|Verifying identity remotely|Ảnh chụp giấy tờ|Photographs of documents|legal_obligation|120|true|true|name national_id portrait biometric|it cloud police|
Xử lý đơn hàng|Order processing|Giao hàng và xuất hóa đơn|Delivery and invoicing|Khách hàng cung cấp|Given by customers|contract|120|false|false|name phone address|sales carrier|
Thanh toán trực tuyến|Online payment|Thu tiền bán hàng|Collecting payments|Cổng thanh toán|Payment gateway|contract|120|false|false|name credit account|accounting payment|
Đổi trả và hoàn tiền|Returns and refunds|Giải quyết yêu cầu đổi trả|Settling returns|Khách hàng cung cấp|Given by customers|contract|36|false|false|name phone credit|care accounting|
Chăm sóc sau bán hàng|After-sales care|Bảo hành và hướng dẫn sử dụng|Warranty and guidance|Cuộc gọi, thư điện tử|Calls and e-mails|contract|36|false|false|name phone email|care|support_in
Ghi âm cuộc gọi tổng đài|Recording of calls|Nâng cao chất lượng phục vụ|Improving service|Tổng đài điện thoại|Call centre|consent|6|false|false|name phone|care it|
Gửi tin khuyến mại|Promotional messages|Giới thiệu sản phẩm mới|Presenting new products|Khách hàng đã đồng ý|Customers who agreed|consent|24|false|false|phone email|sales messaging|mail_us
Chương trình khách hàng thân thiết|Loyalty programme|Tích điểm và tặng quà sinh nhật|Points and birthday gifts|Khách hàng cung cấp|Given by customers|consent|36|false|false|name birth phone|sales|
Phân tích hành vi mua hàng|Shopping behaviour analysis|Gợi ý sản phẩm phù hợp|Recommending products|Lịch sử mua hàng|Purchase history|consent|24|true|true|account activity_log|sales cloud|cloud_sg
Chấm điểm tín dụng|Credit scoring|Xét duyệt mua trả góp|Approving instalments|Tổ chức tín dụng|Credit institutions|consent|60|true|true|name national_id credit|sales legal|
Bán hàng trả góp|Sales by instalments|Ký và theo dõi hợp đồng trả góp|Instalment contracts|Khách hàng cung cấp|Given by customers|contract|120|false|false|name national_id address credit|accounting legal|
Thu hồi công nợ|Debt collection|Nhắc nợ và khởi kiện|Reminders and claims|Hợp đồng, sổ công nợ|Contracts and ledgers|legitimate_interest|120|false|false|name phone address credit|accounting legal|
Khảo sát sự hài lòng|Satisfaction surveys|Cải tiến sản phẩm, dịch vụ|Improving products and services|Phiếu khảo sát|Questionnaires|consent|12|false|false|email|care|mail_us
Quản lý trang mạng xã hội|Social media pages|Trả lời bình luận, tin nhắn|Answering comments and messages|Trang mạng xã hội|Social media|legitimate_interest|12|false|false|name account portrait|sales|
Giao hàng theo định vị|Delivery by location|Tìm tuyến đường ngắn nhất|Finding the shortest route|Ứng dụng giao hàng|Delivery application|contract|3|true|true|phone address location|carrier it|
Giám sát bằng camera|Video surveillance|Bảo vệ tài sản và con người|Protecting people and property|Camera an ninh|Security cameras|legitimate_interest|1|false|true|portrait|it police|
Kiểm soát ra vào|Access control|Bảo đảm an ninh tòa nhà|Security of the building|Cổng kiểm soát|Gates|legitimate_interest|3|false|false|name national_id|it|
Quản lý bãi đỗ xe|Car park|Trông giữ phương tiện|Keeping vehicles|Camera đọc biển số|Plate readers|contract|1|false|false|plate portrait|it|
Tiếp khách đến làm việc|Visitors|Ghi nhận khách ra vào|Recording visitors|Khách cung cấp|Given by visitors|legitimate_interest|6|false|false|name national_id phone|hr|
Sơ cứu tai nạn lao động|First aid|Bảo vệ tính mạng người lao động|Protecting lives|Nhân viên y tế|Medical staff|vital_interest|120|false|false|name health|clinic labour_office|
Phòng chống dịch bệnh|Epidemic control|Khai báo và truy vết|Declaring and tracing|Người lao động, khách|Employees and visitors|public_interest|6|false|true|name phone health location|hr clinic|
Cung cấp thông tin cho cơ quan nhà nước|Information for authorities|Đáp ứng yêu cầu hợp pháp|Answering lawful requests|Hồ sơ lưu trữ|Archives|legal_obligation|60|false|false|name national_id address criminal|legal police|
Quản lý người dùng nội bộ|Internal users|Cấp quyền truy cập hệ thống|Granting access to systems|Phòng Nhân sự|Human resources|legitimate_interest|24|false|false|name email account|it|support_in
Sao lưu dữ liệu|Backups|Khôi phục sau sự cố|Recovery after incidents|Hệ thống "lõi" của công ty|The company's "core" systems|legitimate_interest|12|false|false|account activity_log|it cloud|cloud_sg
Xử lý yêu cầu của chủ thể dữ liệu|Requests of data subjects|Thực hiện quyền xem, sửa, xóa|Rights to access, rectify, erase|Chủ thể dữ liệu|Data subjects|legal_obligation|60|false|false|name email national_id|legal|
Quản lý nhà cung cấp cá nhân|Individual suppliers|Ký kết và thanh toán hợp đồng|Contracts and payments|Nhà cung cấp|Suppliers|contract|120|false|false|name phone tax_code credit|accounting bank tax_office|
END
